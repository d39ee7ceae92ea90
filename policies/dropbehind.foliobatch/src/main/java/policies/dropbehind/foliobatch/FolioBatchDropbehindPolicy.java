package policies.dropbehind.foliobatch;

import mm.core.spi.dropbehind.DropbehindDeferral;
import mm.core.spi.dropbehind.DropbehindHost;
import mm.core.spi.dropbehind.DropbehindPolicy;
import org.osgi.service.component.annotations.Component;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * Collects folios whose writeback ends outside a task in their CPU's batch of 31, and has that
 * CPU's work item drop them: the third version of the series. A folio that finds the batch full
 * stays cached.
 */
@Component(name = FolioBatchDropbehindPolicy.ID)
@PolicyId(FolioBatchDropbehindPolicy.ID)
@PolicySource("mm/filemap.c, series of 2026-02-27 (v3), not merged")
public final class FolioBatchDropbehindPolicy implements DropbehindPolicy {
  static final String ID = "dropbehind.folio-batch";

  @Override
  public DropbehindDeferral attach(DropbehindHost host) {
    return new PerCpuBatches(host);
  }
}
