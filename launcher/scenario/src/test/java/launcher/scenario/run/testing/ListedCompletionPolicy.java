package launcher.scenario.run.testing;

import block.bio.Bio;
import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import block.bio.spi.completion.CompletionPolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;

/** Ends bios from one work item, from one list; can be told to break a rule. */
public final class ListedCompletionPolicy implements CompletionPolicy {
  /** What is done wrong, with every fifth bio where it concerns one. */
  public enum Fault {
    NONE,
    ATTACH_THROWS,
    DEFER_THROWS,
    DRAIN_THROWS,
    DETACH_THROWS,
    DETACH_RETURNS_FEWER,
    DETACH_RETURNS_FOREIGN,
    FORGETS
  }

  private static final int EVERY = 5;

  private final Fault fault;
  private final long costNs;

  /** A policy that does something wrong, or nothing. */
  public ListedCompletionPolicy(Fault fault) {
    this(fault, 0);
  }

  /** A policy whose worker takes some time for each bio. */
  public ListedCompletionPolicy(Fault fault, long costNs) {
    this.fault = fault;
    this.costNs = costNs;
  }

  @Override
  public CompletionDeferral attach(CompletionHost host) {
    if (fault == Fault.ATTACH_THROWS) {
      throw new UnsupportedOperationException("no use");
    }
    return new Deferral(host, fault, costNs);
  }

  private static final class Deferral implements CompletionDeferral {
    private final CompletionHost host;
    private final Fault fault;
    private final long costNs;
    private final Workqueue workqueue;
    private final Deque<Bio> list = new ArrayDeque<>();
    private final Step drain = this::drain;
    private final Work work = new Work("listed_work_fn", drain);
    private int taken;
    private int ended;

    Deferral(CompletionHost host, Fault fault, long costNs) {
      this.host = host;
      this.fault = fault;
      this.costNs = costNs;
      workqueue =
          host.machine()
              .workqueues()
              .alloc("listed", Workqueue.ACTIVE_DEFAULT, EnumSet.noneOf(Workqueue.Flag.class));
    }

    private static boolean isFifth(int count) {
      return count % EVERY == 0;
    }

    @Override
    public void defer(Exec x, Bio bio) {
      boolean isFifth = isFifth(++taken);
      if (fault == Fault.DEFER_THROWS && isFifth) {
        throw new UnsupportedOperationException("can't defer");
      }
      if (fault == Fault.FORGETS && isFifth) {
        return;
      }
      list.add(bio);
      host.machine().workqueues().queue(x, workqueue, work);
    }

    private void drain(Exec x) {
      Bio bio = list.poll();
      if (bio == null) {
        return;
      }
      if (fault == Fault.DRAIN_THROWS && isFifth(++ended)) {
        throw new UnsupportedOperationException("can't drain");
      }
      x.charge(costNs);
      x.then(drain);
      host.endBio(x, bio);
    }

    @Override
    public List<Bio> detach() {
      host.machine().workqueues().cancel(work);
      List<Bio> bios = new ArrayList<>(list);
      list.clear();
      if (fault == Fault.DETACH_THROWS) {
        throw new UnsupportedOperationException("can't detach");
      }
      if (fault == Fault.DETACH_RETURNS_FEWER && !bios.isEmpty()) {
        bios.remove(0);
      }
      if (fault == Fault.DETACH_RETURNS_FOREIGN) {
        bios.add(null);
      }
      host.machine().workqueues().destroy(workqueue);
      return bios;
    }

    @Override
    public int pending() {
      return list.size();
    }
  }
}
