package policies.tck.internal.mm;

import java.util.Arrays;
import mm.core.spi.dropbehind.DropbehindDeferral;
import mm.core.spi.dropbehind.DropbehindHost;
import mm.core.spi.dropbehind.DropbehindPolicy;
import policies.tck.internal.deferral.Custody;
import sim.kernel.Exec;
import sim.kernel.Machine;

/** Stands between the page cache and a policy, and judges all that passes. */
final class ObservedDropbehind implements DropbehindPolicy {
  private final DropbehindBench bench;
  private final DropbehindPolicy policy;

  ObservedDropbehind(DropbehindBench bench, DropbehindPolicy policy) {
    this.bench = bench;
    this.policy = policy;
  }

  @Override
  public DropbehindDeferral attach(DropbehindHost host) {
    return new Use(host);
  }

  private final class Use implements DropbehindHost, DropbehindDeferral {
    private final DropbehindHost host;
    private final DropbehindDeferral deferral;
    private final Custody custody;
    private int[] returned = {};

    Use(DropbehindHost host) {
      this.host = host;
      deferral = bench.attached(() -> policy.attach(this));
      custody = new Custody(bench, deferral::pending, deferral::drains);
    }

    @Override
    public boolean defer(Exec x, int folio) {
      boolean taken = custody.defer(x, folio, text(folio), 0, () -> deferral.defer(x, folio));
      if (!taken) {
        bench.ended();
      }
      return taken;
    }

    @Override
    public boolean drains(int cpu) {
      return bench.guarded(() -> deferral.drains(cpu));
    }

    @Override
    public int[] detach() {
      custody.detach(
          () -> {
            returned = deferral.detach();
            return returned == null ? null : Arrays.stream(returned).asLongStream().toArray();
          });
      return returned;
    }

    @Override
    public int pending() {
      return deferral.pending();
    }

    @Override
    public Machine machine() {
      return host.machine();
    }

    @Override
    public void endDropbehind(Exec x, int folio) {
      custody.end(x, folio, text(folio));
      bench.ended();
      host.endDropbehind(x, folio);
    }

    private String text(int folio) {
      return "folio " + folio;
    }
  }
}
