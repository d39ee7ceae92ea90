package launcher.scenario.run.testing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import mm.core.spi.dropbehind.DropbehindDeferral;
import mm.core.spi.dropbehind.DropbehindHost;
import mm.core.spi.dropbehind.DropbehindPolicy;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;

/**
 * Ends folios from one work item, from one list.
 *
 * @param capacity of the list; a folio that finds it full stays cached
 */
public record ListedDropbehindPolicy(int capacity) implements DropbehindPolicy {
  @Override
  public DropbehindDeferral attach(DropbehindHost host) {
    return new Deferral(host, capacity);
  }

  private static final class Deferral implements DropbehindDeferral {
    private final DropbehindHost host;
    private final int capacity;
    private final Workqueue workqueue;
    private final Deque<Integer> list = new ArrayDeque<>();
    private final Step drain = this::drain;
    private final Work work = new Work("listed_folios_fn", drain);

    Deferral(DropbehindHost host, int capacity) {
      this.host = host;
      this.capacity = capacity;
      workqueue =
          host.machine()
              .workqueues()
              .alloc("folios", Workqueue.ACTIVE_DEFAULT, EnumSet.noneOf(Workqueue.Flag.class));
    }

    @Override
    public boolean defer(Exec x, int folio) {
      if (list.size() >= capacity) {
        return false;
      }
      list.add(folio);
      host.machine().workqueues().queue(x, workqueue, work);
      return true;
    }

    private void drain(Exec x) {
      Integer folio = list.poll();
      if (folio != null) {
        x.then(drain);
        host.endDropbehind(x, folio);
      }
    }

    @Override
    public int[] detach() {
      host.machine().workqueues().cancel(work);
      int[] folios = list.stream().mapToInt(Integer::intValue).toArray();
      list.clear();
      host.machine().workqueues().destroy(workqueue);
      return folios;
    }

    @Override
    public int pending() {
      return list.size();
    }
  }
}
