package policies.tck.completion;

import block.bio.Bio;
import block.bio.spi.completion.CompletionHost;
import block.bio.spi.completion.CompletionPolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import policies.tck.completion.HonestPolicy.Deferral;
import sim.kernel.Exec;
import sim.kernel.Softirq;
import sim.kernel.Step;
import sim.kernel.lock.LockClass;
import sim.kernel.lock.SpinLock;

/** Policies that break one rule each. */
final class CompletionOffenders {
  private static final int BATCH = 31;

  private static final Map<String, List<CompletionPolicy>> ALL = new LinkedHashMap<>();

  static {
    offend("CP-1", of(ForgetsWhatDoesNotFit::new), of(EndsTwice::new));
    offend("CP-2", of(EndsInSoftirq::new));
    offend("CP-3", of(SleepsInDefer::new), of(LocksWithInterruptsOff::new));
    offend("CP-4", of(KeepsOneBack::new), of(GoesOnAfterDetach::new), of(ReturnsNewestFirst::new));
    offend("CP-5", new SharesItsLists());
    offend("CP-6", of(WantsOutsideTasksOnly::new));
    offend("CP-7", of(WaitsForCompany::new));
    offend("CP-8", of(DoesNotLookWhenCpuStays::new));
    offend("CP-9", of(KnowsCpusOfAttachOnly::new));
    offend("CP-10", of(EndsNewestFirst::new));
    offend("CP-11", of(EndsAllInOneStep::new), of(LooksAtAllInDefer::new), of(LoopsForEver::new));
    offend("CP-12", of(MakesATaskForEachBio::new), of(LeavesAnEventForEachBio::new));
    offend("CP-13", new RemembersRuns());
    offend("CP-14", of(LeavesRcuLocked::new));
    offend("CP-15", of(ThrowsWhenFull::new), host -> null);
    offend("CP-16", of(SaysNobodyComes::new), of(WorksWhenAsked::new));
  }

  private CompletionOffenders() {}

  private static void offend(String rule, CompletionPolicy... policies) {
    ALL.put(rule, List.of(policies));
  }

  private static CompletionPolicy of(Function<CompletionHost, Deferral> attach) {
    return attach::apply;
  }

  static Map<String, List<CompletionPolicy>> all() {
    return ALL;
  }

  /** A batch of 31; the next bio is gone. */
  private static final class ForgetsWhatDoesNotFit extends Deferral {
    ForgetsWhatDoesNotFit(CompletionHost host) {
      super(host);
    }

    @Override
    public void defer(Exec x, Bio bio) {
      if (perCpu.get(x.cpu().id()).list.size() < BATCH) {
        super.defer(x, bio);
      }
    }
  }

  /** Ends the last of a full batch once more. */
  private static final class EndsTwice extends Deferral {
    EndsTwice(CompletionHost host) {
      super(host);
    }

    @Override
    PerCpu newPerCpu(int cpu) {
      return new PerCpu() {
        private int round;

        @Override
        Bio next() {
          return round++ == BATCH ? list.peekFirst() : list.pollFirst();
        }

        @Override
        void add(Exec x, Bio bio) {
          round = list.isEmpty() ? 0 : round;
          super.add(x, bio);
        }
      };
    }
  }

  /** Ends bios from a softirq, where nothing may sleep. */
  private static final class EndsInSoftirq extends Deferral {
    EndsInSoftirq(CompletionHost host) {
      super(host);
      host.machine().openSoftirq(Softirq.BLOCK, x -> perCpu.get(x.cpu().id()).drain(x));
    }

    @Override
    PerCpu newPerCpu(int cpu) {
      return new PerCpu() {
        @Override
        void add(Exec x, Bio bio) {
          list.addLast(bio);
          x.cpu().raiseSoftirq(Softirq.BLOCK);
        }
      };
    }
  }

  private static final class SleepsInDefer extends Deferral {
    SleepsInDefer(CompletionHost host) {
      super(host);
    }

    @Override
    public void defer(Exec x, Bio bio) {
      x.mightSleep();
      super.defer(x, bio);
    }
  }

  private static final class KeepsOneBack extends Deferral {
    KeepsOneBack(CompletionHost host) {
      super(host);
    }

    @Override
    public List<Bio> detach() {
      List<Bio> bios = super.detach();
      return bios.isEmpty() ? bios : bios.subList(0, bios.size() - 1);
    }
  }

  /** Its work is not cancelled, and finds what was handed back. */
  private static final class GoesOnAfterDetach extends Deferral {
    GoesOnAfterDetach(CompletionHost host) {
      super(host);
    }

    @Override
    public List<Bio> detach() {
      List<Bio> bios = new ArrayList<>();
      perCpu.forEach(cpu -> bios.addAll(cpu.list));
      return bios;
    }
  }

  private static final class ReturnsNewestFirst extends Deferral {
    ReturnsNewestFirst(CompletionHost host) {
      super(host);
    }

    @Override
    public List<Bio> detach() {
      leave();
      List<Bio> bios = new ArrayList<>();
      for (PerCpu cpu : perCpu) {
        cpu.list.descendingIterator().forEachRemaining(bios::add);
        cpu.list.clear();
      }
      return bios;
    }
  }

  /** The lists are the policy's, and so every run's. */
  private static final class SharesItsLists implements CompletionPolicy {
    private final List<ArrayDeque<Bio>> lists = new ArrayList<>();

    @Override
    public Deferral attach(CompletionHost host) {
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

  /** As the fourth and the fifth version: blind to locks that a task holds. */
  private static final class WantsOutsideTasksOnly extends Deferral {
    WantsOutsideTasksOnly(CompletionHost host) {
      super(host);
    }

    @Override
    public boolean wants(Exec x, Bio bio) {
      return !x.inTask();
    }
  }

  /** A bio that comes after a long rest waits for the next one. */
  private static final class WaitsForCompany extends Deferral {
    private static final long REST_NS = 5_000_000;

    WaitsForCompany(CompletionHost host) {
      super(host);
    }

    @Override
    PerCpu newPerCpu(int cpu) {
      return new PerCpu() {
        private long lastNs = -1;

        @Override
        void add(Exec x, Bio bio) {
          boolean rested = lastNs >= 0 && x.nowNs() - lastNs > REST_NS;
          lastNs = x.nowNs();
          if (rested) {
            list.addLast(bio);
          } else {
            super.add(x, bio);
          }
        }
      };
    }
  }

  /** Bios that came while a CPU was on its way down stay if it does not go after all. */
  private static final class DoesNotLookWhenCpuStays extends Deferral {
    DoesNotLookWhenCpuStays(CompletionHost host) {
      super(host);
    }

    @Override
    PerCpu newPerCpu(int cpu) {
      return new PerCpu() {
        private boolean died = !host.machine().cpu(cpu).isOnline();

        @Override
        void add(Exec x, Bio bio) {
          boolean first = list.isEmpty();
          list.addLast(bio);
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
    KnowsCpusOfAttachOnly(CompletionHost host) {
      super(host);
    }

    @Override
    PerCpu newPerCpu(int cpu) {
      boolean known = host.machine().cpu(cpu).isOnline();
      return new PerCpu() {
        @Override
        void add(Exec x, Bio bio) {
          if (known) {
            super.add(x, bio);
          } else {
            list.addLast(bio);
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
    EndsNewestFirst(CompletionHost host) {
      super(host);
    }

    @Override
    PerCpu newPerCpu(int cpu) {
      return new PerCpu() {
        @Override
        Bio next() {
          return list.pollLast();
        }
      };
    }
  }

  private static final class EndsAllInOneStep extends Deferral {
    EndsAllInOneStep(CompletionHost host) {
      super(host);
    }

    @Override
    PerCpu newPerCpu(int cpu) {
      return new PerCpu() {
        @Override
        void drain(Exec x) {
          Bio bio = next();
          while (bio != null) {
            host.endBio(x, bio);
            bio = next();
          }
        }
      };
    }
  }

  private static final class LooksAtAllInDefer extends Deferral {
    LooksAtAllInDefer(CompletionHost host) {
      super(host);
    }

    @Override
    public void defer(Exec x, Bio bio) {
      super.defer(x, bio);
      x.charge(10L * pending());
    }
  }

  /** Looks for bios again and again when there are many, and takes no time for it. */
  private static final class LoopsForEver extends Deferral {
    private final Step again = this::again;

    LoopsForEver(CompletionHost host) {
      super(host);
    }

    @Override
    public void defer(Exec x, Bio bio) {
      super.defer(x, bio);
      if (pending() > BATCH) {
        x.then(again);
      }
    }

    private void again(Exec x) {
      x.then(again);
    }
  }

  private static final class MakesATaskForEachBio extends Deferral {
    MakesATaskForEachBio(CompletionHost host) {
      super(host);
    }

    @Override
    public void defer(Exec x, Bio bio) {
      super.defer(x, bio);
      host.machine().newTask("for " + bio.id(), true, host.machine().allCpus());
    }
  }

  private static final class LeavesAnEventForEachBio extends Deferral {
    private static final long FAR_NS = 3_600_000_000_000L;

    LeavesAnEventForEachBio(CompletionHost host) {
      super(host);
    }

    @Override
    public void defer(Exec x, Bio bio) {
      super.defer(x, bio);
      host.machine().events().schedule(x.nowNs() + FAR_NS, arg -> {}, 0);
    }
  }

  /** Every second bio of all runs takes longer. */
  private static final class RemembersRuns implements CompletionPolicy {
    private int bios;

    @Override
    public Deferral attach(CompletionHost host) {
      return new Deferral(host) {
        @Override
        public void defer(Exec x, Bio bio) {
          super.defer(x, bio);
          x.charge(bios++ % 2 * 100);
        }
      };
    }
  }

  private static final class LeavesRcuLocked extends Deferral {
    LeavesRcuLocked(CompletionHost host) {
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
    ThrowsWhenFull(CompletionHost host) {
      super(host);
    }

    @Override
    public void defer(Exec x, Bio bio) {
      if (perCpu.get(x.cpu().id()).list.size() == BATCH) {
        throw new ArrayIndexOutOfBoundsException(BATCH);
      }
      super.defer(x, bio);
    }
  }

  /** Knows of timers only, and has none. */
  private static final class SaysNobodyComes extends Deferral {
    SaysNobodyComes(CompletionHost host) {
      super(host);
    }

    @Override
    public boolean drains(int cpu) {
      return false;
    }
  }

  /** Sees to it that somebody comes when it is asked. */
  private static final class WorksWhenAsked extends Deferral {
    WorksWhenAsked(CompletionHost host) {
      super(host);
    }

    @Override
    public boolean drains(int cpu) {
      host.machine().events().schedule(host.machine().nowNs() + 1_000, arg -> {}, 0);
      return true;
    }
  }

  /** What does no harm but on PREEMPT_RT, where a spinlock sleeps. */
  private static final class LocksWithInterruptsOff extends Deferral {
    private final SpinLock lock = new SpinLock(new LockClass("offender.lock"));

    LocksWithInterruptsOff(CompletionHost host) {
      super(host);
    }

    @Override
    public void defer(Exec x, Bio bio) {
      super.defer(x, bio);
      x.irqDisable();
      x.then(Exec::irqEnable);
      lock.section(x, 50);
    }
  }
}
