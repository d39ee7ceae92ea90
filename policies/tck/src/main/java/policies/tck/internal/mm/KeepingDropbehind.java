package policies.tck.internal.mm;

import java.util.ArrayList;
import java.util.List;
import mm.core.spi.dropbehind.DropbehindDeferral;
import mm.core.spi.dropbehind.DropbehindHost;
import mm.core.spi.dropbehind.DropbehindPolicy;
import sim.kernel.Exec;

/** A predecessor that ends nothing: whoever comes after it gets every folio. */
final class KeepingDropbehind implements DropbehindPolicy {
  @Override
  public DropbehindDeferral attach(DropbehindHost host) {
    List<List<Integer>> kept = new ArrayList<>();
    for (int cpu = 0; cpu < host.machine().cpuCount(); cpu++) {
      kept.add(new ArrayList<>());
    }
    return new DropbehindDeferral() {
      @Override
      public boolean defer(Exec x, int folio) {
        return kept.get(x.cpu().id()).add(folio);
      }

      @Override
      public int[] detach() {
        return kept.stream().flatMap(List::stream).mapToInt(folio -> folio).toArray();
      }

      @Override
      public int pending() {
        return kept.stream().mapToInt(List::size).sum();
      }
    };
  }
}
