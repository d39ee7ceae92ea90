package policies.tck.mm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionDeferral;
import mm.core.spi.eviction.EvictionHost;
import mm.core.spi.eviction.EvictionPolicy;
import mm.core.spi.eviction.EvictionTask;
import policies.tck.mm.HonestEviction.Batch;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.hotplug.CpuHotplug;
import sim.kernel.hotplug.CpuHotplugState;
import sim.kernel.wait.WaitQueue;

/** Policies that break one rule each. */
final class EvictionOffenders {
  /** More folios than any list has but the long ones of traffic. */
  private static final int MANY = 50;

  private static final Map<String, List<EvictionPolicy>> ALL = new LinkedHashMap<>();

  static {
    offend("EP-1", of(ForgetsOne::new));
    offend("EP-2", of(FinishesBeforeTheFlush::new));
    offend("EP-3", of(LeavesTheLast::new));
    offend("EP-4", of(HandsBackNewestFirst::new), of(GoesOnAfterHandBack::new));
    offend("EP-5", new SharesItsBatch());
    offend("EP-6", of(NeverAsksWhoHadIt::new));
    offend("EP-7", EvictionOffenders::comesLate);
    offend("EP-8", of(WaitsForNobody::new));
    offend("EP-9", WaitsForCpuOne::new);
    offend("EP-10", of(KeepsAllToTheEnd::new));
    offend("EP-11", of(FinishesAllInOneStep::new), of(LoopsForEver::new));
    offend(
        "EP-12",
        host -> HonestEviction.deferral(task -> new MakesATask(task, host.machine())),
        host -> HonestEviction.deferral(task -> new LeavesAnEvent(task, host.machine())));
    offend("EP-13", new RemembersRuns());
    offend("EP-14", of(LeavesRcuLocked::new));
    offend("EP-15", of(ThrowsWhenFull::new), host -> null, of(task -> null));
  }

  private EvictionOffenders() {}

  private static void offend(String rule, EvictionPolicy... policies) {
    ALL.put(rule, List.of(policies));
  }

  private static EvictionPolicy of(Function<EvictionTask, EvictionBatch> batches) {
    return host -> HonestEviction.deferral(batches);
  }

  static Map<String, List<EvictionPolicy>> all() {
    return ALL;
  }

  private static final class ForgetsOne extends Batch {
    ForgetsOne(EvictionTask task) {
      super(task);
    }

    @Override
    public void evict(Exec x, int folio) {
      super.evict(x, folio);
      if (taken == MANY) {
        folios.removeLast();
      }
    }
  }

  private static final class FinishesBeforeTheFlush extends Batch {
    FinishesBeforeTheFlush(EvictionTask task) {
      super(task);
    }

    @Override
    public void flush(Exec x) {
      if (taken > MANY) {
        x.then(y -> task.unmapFlush(y));
        x.then(finishNext);
      } else {
        super.flush(x);
      }
    }
  }

  private static final class LeavesTheLast extends Batch {
    LeavesTheLast(EvictionTask task) {
      super(task);
    }

    @Override
    void finishNext(Exec x) {
      if (taken < MANY || folios.size() > 1) {
        super.finishNext(x);
      }
    }
  }

  private static final class HandsBackNewestFirst extends Batch {
    HandsBackNewestFirst(EvictionTask task) {
      super(task);
    }

    @Override
    public int[] handBack() {
      int[] back = super.handBack();
      for (int i = 0; i < back.length / 2; i++) {
        int other = back[back.length - 1 - i];
        back[back.length - 1 - i] = back[i];
        back[i] = other;
      }
      return back;
    }
  }

  /** Its steps find what was handed back. */
  private static final class GoesOnAfterHandBack extends Batch {
    GoesOnAfterHandBack(EvictionTask task) {
      super(task);
    }

    @Override
    public int[] handBack() {
      return folios.stream().mapToInt(folio -> folio).toArray();
    }
  }

  /** The n-th batch of a run has the folios of the n-th batch of any other. */
  private static final class SharesItsBatch implements EvictionPolicy {
    private final List<ArrayDeque<Integer>> shared = new ArrayList<>();

    @Override
    public EvictionDeferral attach(EvictionHost host) {
      shared.forEach(ArrayDeque::clear);
      int[] made = {0};
      return HonestEviction.deferral(
          task -> {
            if (made[0] == shared.size()) {
              shared.add(new ArrayDeque<>());
            }
            Batch batch = new Batch(task);
            batch.folios = shared.get(made[0]++);
            return batch;
          });
    }
  }

  /** As the first version: unlocks, and does not look when it has locked again. */
  private static final class NeverAsksWhoHadIt extends Batch {
    NeverAsksWhoHadIt(EvictionTask task) {
      super(task);
    }

    @Override
    public void evict(Exec x, int folio) {
      super.evict(x, folio);
      if (task.isForPageout(folio)) {
        task.unlock(x, folio);
      }
    }

    @Override
    void finishNext(Exec x) {
      if (!folios.isEmpty()) {
        task.trylock(folios.peekFirst());
      }
      super.finishNext(x);
    }
  }

  /** Flushes and finishes at the end only if it was there from the beginning. */
  private static EvictionDeferral comesLate(EvictionHost host) {
    boolean late = host.machine().nowNs() > 0;
    return HonestEviction.deferral(
        task ->
            new Batch(task) {
              @Override
              public void flush(Exec x) {
                if (!late) {
                  super.flush(x);
                }
              }
            });
  }

  private static final class WaitsForNobody extends Batch {
    WaitsForNobody(EvictionTask task) {
      super(task);
    }

    @Override
    public void flush(Exec x) {
      super.flush(x);
      if (taken > MANY) {
        new WaitQueue().sleep(x);
      }
    }
  }

  /** No flush while a CPU is on its way down; nobody looks who waits if it stays after all. */
  private static final class WaitsForCpuOne implements EvictionDeferral {
    private final CpuHotplug hotplug;
    private final int onlineState;
    private final int deadState;
    private final WaitQueue waiters = new WaitQueue();
    private boolean closed;

    WaitsForCpuOne(EvictionHost host) {
      hotplug = host.machine().hotplug();
      onlineState =
          hotplug.register(
              CpuHotplugState.AP_ONLINE_DYN,
              "one:online",
              (x, cpu) -> closed = false,
              (x, cpu) -> closed = true);
      deadState =
          hotplug.register(CpuHotplugState.BP_PREPARE_DYN, "one:dead", null, (x, cpu) -> dead(x));
    }

    private void dead(Exec x) {
      closed = false;
      waiters.wakeAll(x);
    }

    @Override
    public EvictionBatch newBatch(EvictionTask task) {
      return new Batch(task) {
        @Override
        public void flush(Exec x) {
          super.flush(x);
          if (closed) {
            waiters.sleep(x);
          }
        }
      };
    }

    @Override
    public void detach() {
      hotplug.remove(onlineState);
      hotplug.remove(deadState);
      waiters.wakeAll(null);
    }
  }

  private static final class KeepsAllToTheEnd extends Batch {
    KeepsAllToTheEnd(EvictionTask task) {
      super(task);
    }

    @Override
    public void evict(Exec x, int folio) {
      folios.addLast(folio);
      task.tryToUnmap(x, folio);
    }
  }

  private static final class FinishesAllInOneStep extends Batch {
    FinishesAllInOneStep(EvictionTask task) {
      super(task);
    }

    @Override
    void finishNext(Exec x) {
      if (taken < MANY) {
        super.finishNext(x);
      }
      while (taken >= MANY && !folios.isEmpty()) {
        task.finish(x, folios.pollFirst());
      }
    }
  }

  private static final class LoopsForEver extends Batch {
    private final Step again = this::again;

    LoopsForEver(EvictionTask task) {
      super(task);
    }

    @Override
    public void evict(Exec x, int folio) {
      super.evict(x, folio);
      if (taken == MANY) {
        x.then(again);
      }
    }

    private void again(Exec x) {
      x.then(again);
    }
  }

  private static final class MakesATask extends Batch {
    MakesATask(EvictionTask task, Machine machine) {
      super(task);
      machine.newTask("for a list", true, machine.allCpus());
    }
  }

  private static final class LeavesAnEvent extends Batch {
    private static final long FAR_NS = 3_600_000_000_000L;

    LeavesAnEvent(EvictionTask task, Machine machine) {
      super(task);
      machine.events().schedule(machine.nowNs() + FAR_NS, arg -> {}, 0);
    }
  }

  /** Every second folio of all runs takes longer. */
  private static final class RemembersRuns implements EvictionPolicy {
    private int count;

    @Override
    public EvictionDeferral attach(EvictionHost host) {
      return HonestEviction.deferral(
          task ->
              new Batch(task) {
                @Override
                public void evict(Exec x, int folio) {
                  super.evict(x, folio);
                  x.charge(count++ % 2 * 100);
                }
              });
    }
  }

  private static final class LeavesRcuLocked extends Batch {
    LeavesRcuLocked(EvictionTask task) {
      super(task);
    }

    @Override
    public void flush(Exec x) {
      super.flush(x);
      x.rcuReadLock();
    }
  }

  private static final class ThrowsWhenFull extends Batch {
    private final int[] room = new int[MANY];

    ThrowsWhenFull(EvictionTask task) {
      super(task);
    }

    @Override
    public void evict(Exec x, int folio) {
      Arrays.fill(room, taken, taken + 1, folio);
      super.evict(x, folio);
    }
  }
}
