package mm.core.spi.writeback;

import mm.core.AddressSpace;
import org.osgi.annotation.versioning.ConsumerType;
import sim.kernel.Exec;

/** What a policy keeps in one run. Holds no service. */
@ConsumerType
public interface WritebackDeferral {
  /**
   * Starts writeback of what a DONTCACHE write has dirtied, or has it started. A step function,
   * called once for each such write that is not O_SYNC or O_DSYNC, in the writer's task and after
   * the inode lock was released. It is the DONTCACHE branch of {@code generic_write_sync}. The
   * write's own result is not affected. A policy that throws is taken out of use, and the write is
   * given to its successor.
   *
   * @param pos first byte written
   * @param countBytes bytes written, above 0
   */
  void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes);

  /**
   * The policy is no longer in use. Between two events. What the writers had dirtied and the policy
   * has not had written stays dirty, for the flusher's own rules to find.
   */
  void detach();
}
