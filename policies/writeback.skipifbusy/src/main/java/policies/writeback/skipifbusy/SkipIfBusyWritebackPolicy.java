package policies.writeback.skipifbusy;

import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.spi.writeback.WritebackPolicy;
import org.osgi.service.component.annotations.Component;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * The writer writes its own range out as {@code writeback.lazy} does, one writer a file at a time;
 * and also while the file is under writeback if three quarters of the dirty threshold are used: the
 * first version of the series.
 */
@Component(name = SkipIfBusyWritebackPolicy.ID)
@PolicyId(SkipIfBusyWritebackPolicy.ID)
@PolicySource("mm/filemap.c, series of 2026-04-01 (v1), not merged")
public final class SkipIfBusyWritebackPolicy implements WritebackPolicy {
  static final String ID = "writeback.skip-if-busy";

  @Override
  public WritebackDeferral attach(WritebackHost host) {
    return new OneFlusherPerFile(host);
  }
}
