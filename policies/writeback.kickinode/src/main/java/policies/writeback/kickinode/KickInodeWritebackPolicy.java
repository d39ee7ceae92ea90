package policies.writeback.kickinode;

import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.spi.writeback.WritebackPolicy;
import org.osgi.service.component.annotations.Component;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * The writer has its inode alone written by a worker of its device, and returns: the draft between
 * the second and the third version. Inodes are written one after another, in the order in which
 * they were asked for.
 */
@Component(name = KickInodeWritebackPolicy.ID)
@PolicyId(KickInodeWritebackPolicy.ID)
@PolicySource("fs/fs-writeback.c, draft of 2026-04-09 to 04-16, not merged")
public final class KickInodeWritebackPolicy implements WritebackPolicy {
  static final String ID = "writeback.kick-inode";

  @Override
  public WritebackDeferral attach(WritebackHost host) {
    return new InodeFlushes(host);
  }
}
