package policies.tck.mm;

import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import mm.core.AddressSpace;
import mm.core.reclaim.MemorySettings;
import mm.core.spi.writeback.WritebackHost;
import mm.core.spi.writeback.WritebackPolicy;
import policies.tck.mm.HonestWriteback.Deferral;
import policies.tck.mm.HonestWriteback.Range;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.hotplug.CpuHotplug;
import sim.kernel.hotplug.CpuHotplugState;
import sim.kernel.wait.WaitQueue;
import sim.kernel.workqueue.Workqueue;

/** Policies that break one rule each. */
final class WritebackOffenders {
  /** More writes than any trial makes but the one of traffic and the one of a long life. */
  private static final int MANY = 40;

  private static final Map<String, List<WritebackPolicy>> ALL = new LinkedHashMap<>();

  static {
    offend("WP-1", of(SkipsSmallWrites::new));
    offend("WP-2", of(ParksOneWriter::new));
    offend("WP-3", of(GoesOnAfterDetach::new));
    offend("WP-4", new SharesItsQueue());
    offend("WP-5", of(OverlooksThoseThatWaited::new));
    offend("WP-6", of(WakesWritersWhileInUse::new));
    offend("WP-7", of(WorksOnCpuOne::new));
    offend("WP-8", of(CostsMoreEachTime::new), of(LoopsForEver::new));
    offend("WP-9", of(MakesATaskForEachWrite::new), of(LeavesAnEventForEachWrite::new));
    offend("WP-10", new RemembersRuns());
    offend("WP-11", of(LeavesRcuLocked::new));
    offend("WP-12", of(ThrowsAfterMany::new), host -> null);
  }

  private WritebackOffenders() {}

  private static void offend(String rule, WritebackPolicy... policies) {
    ALL.put(rule, List.of(policies));
  }

  private static WritebackPolicy of(Function<WritebackHost, Deferral> attach) {
    return attach::apply;
  }

  static Map<String, List<WritebackPolicy>> all() {
    return ALL;
  }

  private static final class SkipsSmallWrites extends Deferral {
    SkipsSmallWrites(WritebackHost host) {
      super(host);
    }

    @Override
    public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
      if (countBytes > MemorySettings.PAGE_BYTES) {
        super.afterDontcacheWrite(x, mapping, pos, countBytes);
      }
    }
  }

  /** Its writes are written, and it waits for what nobody says. */
  private static final class ParksOneWriter extends Deferral {
    private int writes;

    ParksOneWriter(WritebackHost host) {
      super(host);
    }

    @Override
    public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
      super.afterDontcacheWrite(x, mapping, pos, countBytes);
      if (++writes == MANY) {
        new WaitQueue().sleep(x);
      }
    }
  }

  private static final class GoesOnAfterDetach extends Deferral {
    GoesOnAfterDetach(WritebackHost host) {
      super(host);
    }

    @Override
    public void detach() {
      // Its work is queued, and will find its ranges.
    }
  }

  /** The ranges are the policy's, and so every run's. */
  private static final class SharesItsQueue implements WritebackPolicy {
    private final ArrayDeque<Range> shared = new ArrayDeque<>();

    @Override
    public Deferral attach(WritebackHost host) {
      shared.clear();
      Deferral deferral = new Deferral(host);
      deferral.ranges = shared;
      return deferral;
    }
  }

  /** Writers that come at the instant of attach have waited for it. */
  private static final class OverlooksThoseThatWaited extends Deferral {
    private final long attachedNs;

    OverlooksThoseThatWaited(WritebackHost host) {
      super(host);
      attachedNs = host.machine().nowNs();
    }

    @Override
    public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
      if (x.nowNs() > attachedNs + 1_000_000 || attachedNs == 0) {
        super.afterDontcacheWrite(x, mapping, pos, countBytes);
      }
    }
  }

  /** A writer sleeps until its range has been submitted, and for ever if that is cancelled. */
  private static final class WakesWritersWhileInUse extends Deferral {
    private final WaitQueue writers = new WaitQueue();

    WakesWritersWhileInUse(WritebackHost host) {
      super(host);
    }

    @Override
    public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
      super.afterDontcacheWrite(x, mapping, pos, countBytes);
      writers.sleep(x);
    }

    @Override
    void flushNext(Exec x) {
      if (ranges.isEmpty()) {
        writers.wakeAll(x);
      }
      super.flushNext(x);
    }
  }

  /** Work of CPU 1, which is disabled on its way down; nobody looks if it stays after all. */
  private static final class WorksOnCpuOne extends Deferral {
    private final Workqueue perCpu;
    private final CpuHotplug hotplug;
    private final int onlineState;
    private final int deadState;
    private boolean died = !host.machine().cpu(1).isOnline();

    WorksOnCpuOne(WritebackHost host) {
      super(host);
      perCpu =
          workqueues.alloc(
              "cpu-one", Workqueue.ACTIVE_DEFAULT, EnumSet.of(Workqueue.Flag.MEM_RECLAIM));
      hotplug = host.machine().hotplug();
      onlineState =
          hotplug.register(
              CpuHotplugState.AP_ONLINE_DYN,
              "one:online",
              (x, cpu) -> online(x),
              (x, cpu) -> workqueues.disableSync(x, work));
      deadState =
          hotplug.register(
              CpuHotplugState.BP_PREPARE_DYN, "one:dead", null, (x, cpu) -> died = true);
    }

    private void online(Exec x) {
      if (work.isDisabled()) {
        workqueues.enable(work);
      }
      if (died && !ranges.isEmpty()) {
        queue(x);
      }
      died = false;
    }

    @Override
    public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
      boolean first = ranges.isEmpty();
      ranges.addLast(new Range(mapping, pos, countBytes));
      if (first) {
        queue(x);
      }
    }

    @Override
    void queue(Exec x) {
      workqueues.queueOn(x, host.machine().cpu(1), perCpu, work);
    }

    @Override
    public void detach() {
      hotplug.remove(onlineState);
      hotplug.remove(deadState);
      super.detach();
    }
  }

  private static final class CostsMoreEachTime extends Deferral {
    private int writes;

    CostsMoreEachTime(WritebackHost host) {
      super(host);
    }

    @Override
    public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
      super.afterDontcacheWrite(x, mapping, pos, countBytes);
      x.charge(100L * writes++);
    }
  }

  private static final class LoopsForEver extends Deferral {
    private final Step again = this::again;
    private int writes;

    LoopsForEver(WritebackHost host) {
      super(host);
    }

    @Override
    public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
      super.afterDontcacheWrite(x, mapping, pos, countBytes);
      if (++writes == MANY) {
        x.then(again);
      }
    }

    private void again(Exec x) {
      x.then(again);
    }
  }

  private static final class MakesATaskForEachWrite extends Deferral {
    MakesATaskForEachWrite(WritebackHost host) {
      super(host);
    }

    @Override
    public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
      super.afterDontcacheWrite(x, mapping, pos, countBytes);
      host.machine().newTask("for a write", true, host.machine().allCpus());
    }
  }

  private static final class LeavesAnEventForEachWrite extends Deferral {
    private static final long FAR_NS = 3_600_000_000_000L;

    LeavesAnEventForEachWrite(WritebackHost host) {
      super(host);
    }

    @Override
    public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
      super.afterDontcacheWrite(x, mapping, pos, countBytes);
      host.machine().events().schedule(x.nowNs() + FAR_NS, arg -> {}, 0);
    }
  }

  /** Every second write of all runs takes longer. */
  private static final class RemembersRuns implements WritebackPolicy {
    private int writes;

    @Override
    public Deferral attach(WritebackHost host) {
      return new Deferral(host) {
        @Override
        public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
          super.afterDontcacheWrite(x, mapping, pos, countBytes);
          x.charge(writes++ % 2 * 100);
        }
      };
    }
  }

  private static final class LeavesRcuLocked extends Deferral {
    LeavesRcuLocked(WritebackHost host) {
      super(host);
    }

    @Override
    public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
      super.afterDontcacheWrite(x, mapping, pos, countBytes);
      x.rcuReadLock();
    }
  }

  private static final class ThrowsAfterMany extends Deferral {
    private int writes;

    ThrowsAfterMany(WritebackHost host) {
      super(host);
    }

    @Override
    public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
      if (++writes > MANY) {
        throw new ArrayIndexOutOfBoundsException(MANY);
      }
      super.afterDontcacheWrite(x, mapping, pos, countBytes);
    }
  }
}
