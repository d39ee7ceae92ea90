package policies.dropbehind.globalbatch;

import mm.core.spi.dropbehind.DropbehindDeferral;
import mm.core.spi.dropbehind.DropbehindHost;
import mm.core.spi.dropbehind.DropbehindPolicy;
import org.osgi.service.component.annotations.Component;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * Collects folios whose writeback ends outside a task in one batch of 31 behind one lock, and has a
 * work item drop them: the second version of the series. A folio that finds the batch full stays
 * cached.
 */
@Component(name = GlobalBatchDropbehindPolicy.ID)
@PolicyId(GlobalBatchDropbehindPolicy.ID)
@PolicySource("mm/filemap.c, series of 2026-02-25 (v2), not merged")
public final class GlobalBatchDropbehindPolicy implements DropbehindPolicy {
  static final String ID = "dropbehind.global-batch";

  @Override
  public DropbehindDeferral attach(DropbehindHost host) {
    return new GlobalBatch(host);
  }
}
