package policies.tck.mm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import mm.core.spi.dropbehind.DropbehindHost;
import mm.core.spi.dropbehind.DropbehindPolicy;
import policies.tck.mm.HonestDropbehind.Deferral;
import sim.kernel.Exec;
import sim.kernel.Softirq;
import sim.kernel.Step;

/** Policies that break one rule each. */
final class DropbehindOffenders {
  private static final int BATCH = 31;

  private static final Map<String, List<DropbehindPolicy>> ALL = new LinkedHashMap<>();

  static {
    offend("DP-1", of(ForgetsWhatDoesNotFit::new), of(EndsTwice::new));
    offend("DP-2", of(EndsInSoftirq::new));
    offend("DP-3", of(SleepsInDefer::new));
    offend("DP-4", of(KeepsOneBack::new), of(GoesOnAfterDetach::new), of(ReturnsNewestFirst::new));
    offend("DP-5", new SharesItsLists());
    offend("DP-6", of(WaitsForCompany::new));
    offend("DP-7", of(DoesNotLookWhenCpuStays::new));
    offend("DP-8", of(KnowsCpusOfAttachOnly::new));
    offend("DP-9", of(EndsNewestFirst::new));
    offend("DP-10", of(EndsAllInOneStep::new), of(LooksAtAllInDefer::new), of(LoopsForEver::new));
    offend("DP-11", of(MakesATaskForEachFolio::new), of(LeavesAnEventForEachFolio::new));
    offend("DP-12", new RemembersRuns());
    offend("DP-13", of(LeavesRcuLocked::new));
    offend("DP-14", of(ThrowsWhenFull::new), host -> null);
    offend("DP-15", of(SaysNobodyComes::new), of(WorksWhenAsked::new));
  }

  private DropbehindOffenders() {}

  private static void offend(String rule, DropbehindPolicy... policies) {
    ALL.put(rule, List.of(policies));
  }

  private static DropbehindPolicy of(Function<DropbehindHost, Deferral> attach) {
    return attach::apply;
  }

  static Map<String, List<DropbehindPolicy>> all() {
    return ALL;
  }

  /** A batch of 31; the next folio is gone. */
  private static final class ForgetsWhatDoesNotFit extends Deferral {
    ForgetsWhatDoesNotFit(DropbehindHost host) {
      super(host);
    }

    @Override
    public boolean defer(Exec x, int folio) {
      return perCpu.get(x.cpu().id()).list.size() >= BATCH || super.defer(x, folio);
    }
  }

  /** Ends the last of a full batch once more. */
  private static final class EndsTwice extends Deferral {
    EndsTwice(DropbehindHost host) {
      super(host);
    }

    @Override
    PerCpu newPerCpu(int cpu) {
      return new PerCpu() {
        private int round;

        @Override
        Integer next() {
          return round++ == BATCH ? list.peekFirst() : list.pollFirst();
        }

        @Override
        void add(Exec x, int folio) {
          round = list.isEmpty() ? 0 : round;
          super.add(x, folio);
        }
      };
    }
  }

  /** Ends folios from a softirq, where nothing may sleep. */
  private static final class EndsInSoftirq extends Deferral {
    EndsInSoftirq(DropbehindHost host) {
      super(host);
      host.machine().openSoftirq(Softirq.BLOCK, x -> perCpu.get(x.cpu().id()).drain(x));
    }

    @Override
    PerCpu newPerCpu(int cpu) {
      return new PerCpu() {
        @Override
        void add(Exec x, int folio) {
          list.addLast(folio);
          x.cpu().raiseSoftirq(Softirq.BLOCK);
        }
      };
    }
  }

  private static final class SleepsInDefer extends Deferral {
    SleepsInDefer(DropbehindHost host) {
      super(host);
    }

    @Override
    public boolean defer(Exec x, int folio) {
      x.mightSleep();
      return super.defer(x, folio);
    }
  }

  private static final class KeepsOneBack extends Deferral {
    KeepsOneBack(DropbehindHost host) {
      super(host);
    }

    @Override
    public int[] detach() {
      int[] folios = super.detach();
      return Arrays.copyOf(folios, Math.max(0, folios.length - 1));
    }
  }

  /** Its work is not cancelled, and finds what was handed back. */
  private static final class GoesOnAfterDetach extends Deferral {
    GoesOnAfterDetach(DropbehindHost host) {
      super(host);
    }

    @Override
    public int[] detach() {
      List<Integer> folios = new ArrayList<>();
      perCpu.forEach(cpu -> folios.addAll(cpu.list));
      return folios.stream().mapToInt(folio -> folio).toArray();
    }
  }

  private static final class ReturnsNewestFirst extends Deferral {
    ReturnsNewestFirst(DropbehindHost host) {
      super(host);
    }

    @Override
    public int[] detach() {
      leave();
      List<Integer> folios = new ArrayList<>();
      for (PerCpu cpu : perCpu) {
        cpu.list.descendingIterator().forEachRemaining(folios::add);
        cpu.list.clear();
      }
      return folios.stream().mapToInt(folio -> folio).toArray();
    }
  }

  /** The lists are the policy's, and so every run's. */
  private static final class SharesItsLists implements DropbehindPolicy {
    private final List<ArrayDeque<Integer>> lists = new ArrayList<>();

    @Override
    public Deferral attach(DropbehindHost host) {
      lists.forEach(ArrayDeque::clear);
      return new Deferral(host) {
        @Override
        PerCpu newPerCpu(int cpu) {
          if (lists.size() == cpu) {
            lists.add(new ArrayDeque<>());
          }
          PerCpu made = new PerCpu();
          made.list = lists.get(cpu);
          return made;
        }
      };
    }
  }

  /** A folio that comes after a long rest waits for the next one. */
  private static final class WaitsForCompany extends Deferral {
    private static final long REST_NS = 5_000_000;

    WaitsForCompany(DropbehindHost host) {
      super(host);
    }

    @Override
    PerCpu newPerCpu(int cpu) {
      return new PerCpu() {
        private long lastNs = -1;

        @Override
        void add(Exec x, int folio) {
          boolean rested = lastNs >= 0 && x.nowNs() - lastNs > REST_NS;
          lastNs = x.nowNs();
          if (rested) {
            list.addLast(folio);
          } else {
            super.add(x, folio);
          }
        }
      };
    }
  }

  /** Folios that came while a CPU was on its way down stay if it does not go after all. */
  private static final class DoesNotLookWhenCpuStays extends Deferral {
    DoesNotLookWhenCpuStays(DropbehindHost host) {
      super(host);
    }

    @Override
    PerCpu newPerCpu(int cpu) {
      return new PerCpu() {
        private boolean died = !host.machine().cpu(cpu).isOnline();

        @Override
        void add(Exec x, int folio) {
          boolean first = list.isEmpty();
          list.addLast(folio);
          if (first) {
            workqueues.queue(x, workqueue, work);
          }
        }

        @Override
        void dead(Exec x) {
          died = true;
          super.dead(x);
        }

        @Override
        void online(Exec x) {
          if (died) {
            super.online(x);
          } else if (work.isDisabled()) {
            workqueues.enable(work);
          }
          died = false;
        }
      };
    }
  }

  /** A CPU that was down then has no work. */
  private static final class KnowsCpusOfAttachOnly extends Deferral {
    KnowsCpusOfAttachOnly(DropbehindHost host) {
      super(host);
    }

    @Override
    PerCpu newPerCpu(int cpu) {
      boolean known = host.machine().cpu(cpu).isOnline();
      return new PerCpu() {
        @Override
        void add(Exec x, int folio) {
          if (known) {
            super.add(x, folio);
          } else {
            list.addLast(folio);
          }
        }

        @Override
        void online(Exec x) {
          if (known) {
            super.online(x);
          }
        }
      };
    }
  }

  private static final class EndsNewestFirst extends Deferral {
    EndsNewestFirst(DropbehindHost host) {
      super(host);
    }

    @Override
    PerCpu newPerCpu(int cpu) {
      return new PerCpu() {
        @Override
        Integer next() {
          return list.pollLast();
        }
      };
    }
  }

  private static final class EndsAllInOneStep extends Deferral {
    EndsAllInOneStep(DropbehindHost host) {
      super(host);
    }

    @Override
    PerCpu newPerCpu(int cpu) {
      return new PerCpu() {
        @Override
        void drain(Exec x) {
          Integer folio = next();
          while (folio != null) {
            host.endDropbehind(x, folio);
            folio = next();
          }
        }
      };
    }
  }

  private static final class LooksAtAllInDefer extends Deferral {
    LooksAtAllInDefer(DropbehindHost host) {
      super(host);
    }

    @Override
    public boolean defer(Exec x, int folio) {
      x.charge(10L * pending());
      return super.defer(x, folio);
    }
  }

  /** Looks for folios again and again when there are many, and takes no time for it. */
  private static final class LoopsForEver extends Deferral {
    private final Step again = this::again;

    LoopsForEver(DropbehindHost host) {
      super(host);
    }

    @Override
    public boolean defer(Exec x, int folio) {
      if (pending() > BATCH) {
        x.then(again);
      }
      return super.defer(x, folio);
    }

    private void again(Exec x) {
      x.then(again);
    }
  }

  private static final class MakesATaskForEachFolio extends Deferral {
    MakesATaskForEachFolio(DropbehindHost host) {
      super(host);
    }

    @Override
    public boolean defer(Exec x, int folio) {
      host.machine().newTask("for " + folio, true, host.machine().allCpus());
      return super.defer(x, folio);
    }
  }

  private static final class LeavesAnEventForEachFolio extends Deferral {
    private static final long FAR_NS = 3_600_000_000_000L;

    LeavesAnEventForEachFolio(DropbehindHost host) {
      super(host);
    }

    @Override
    public boolean defer(Exec x, int folio) {
      host.machine().events().schedule(x.nowNs() + FAR_NS, arg -> {}, 0);
      return super.defer(x, folio);
    }
  }

  /** Every second folio of all runs takes longer. */
  private static final class RemembersRuns implements DropbehindPolicy {
    private int folios;

    @Override
    public Deferral attach(DropbehindHost host) {
      return new Deferral(host) {
        @Override
        public boolean defer(Exec x, int folio) {
          x.charge(folios++ % 2 * 100);
          return super.defer(x, folio);
        }
      };
    }
  }

  private static final class LeavesRcuLocked extends Deferral {
    LeavesRcuLocked(DropbehindHost host) {
      super(host);
    }

    @Override
    PerCpu newPerCpu(int cpu) {
      return new PerCpu() {
        @Override
        void drain(Exec x) {
          if (list.isEmpty()) {
            x.rcuReadLock();
          }
          super.drain(x);
        }
      };
    }
  }

  private static final class ThrowsWhenFull extends Deferral {
    ThrowsWhenFull(DropbehindHost host) {
      super(host);
    }

    @Override
    public boolean defer(Exec x, int folio) {
      if (perCpu.get(x.cpu().id()).list.size() == BATCH) {
        throw new ArrayIndexOutOfBoundsException(BATCH);
      }
      return super.defer(x, folio);
    }
  }

  /** Knows of timers only, and has none. */
  private static final class SaysNobodyComes extends Deferral {
    SaysNobodyComes(DropbehindHost host) {
      super(host);
    }

    @Override
    public boolean drains(int cpu) {
      return false;
    }
  }

  /** Sees to it that somebody comes when it is asked. */
  private static final class WorksWhenAsked extends Deferral {
    WorksWhenAsked(DropbehindHost host) {
      super(host);
    }

    @Override
    public boolean drains(int cpu) {
      host.machine().events().schedule(host.machine().nowNs() + 1_000, arg -> {}, 0);
      return true;
    }
  }
}
