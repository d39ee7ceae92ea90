package policies.dropbehind.taskonly;

import mm.core.spi.dropbehind.DropbehindDeferral;
import mm.core.spi.dropbehind.DropbehindHost;
import mm.core.spi.dropbehind.DropbehindPolicy;
import org.osgi.service.component.annotations.Component;
import sim.kernel.Exec;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * Takes nothing over, as kernels 6.15 to 7.2: a folio whose writeback ends outside a task stays
 * cached with its flag set.
 */
@Component(name = TaskOnlyDropbehindPolicy.ID)
@PolicyId(TaskOnlyDropbehindPolicy.ID)
@PolicySource("mm/filemap.c folio_end_dropbehind(), 6.15 to 7.2")
public final class TaskOnlyDropbehindPolicy implements DropbehindPolicy {
  static final String ID = "dropbehind.task-only";
  private static final int[] NONE = {};

  @Override
  public DropbehindDeferral attach(DropbehindHost host) {
    return new DropbehindDeferral() {
      @Override
      public boolean defer(Exec x, int folio) {
        return false;
      }

      @Override
      public int[] detach() {
        return NONE;
      }

      @Override
      public int pending() {
        return 0;
      }
    };
  }
}
