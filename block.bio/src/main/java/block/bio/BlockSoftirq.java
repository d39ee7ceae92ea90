package block.bio;

import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Softirq;
import sim.kernel.Step;

/** Requests whose completion was moved to BLOCK softirq ({@code blk_cpu_done}), a list a CPU. */
final class BlockSoftirq {
  private final Machine machine;
  private final PerCpu[] perCpu;

  private final class PerCpu {
    final RequestList done = new RequestList();
    final RequestList taken = new RequestList();
    final Step next = this::next;
    final Step ipi = x -> x.cpu().raiseSoftirq(Softirq.BLOCK);

    /** {@code blk_complete_reqs}: ends all that were there when it began. */
    void takeAll(Exec x) {
      taken.takeAll(done);
      next(x);
    }

    private void next(Exec x) {
      Request request = taken.pop();
      if (request != null) {
        x.then(next);
        request.end(x);
      }
    }
  }

  BlockSoftirq(Machine machine) {
    this.machine = machine;
    perCpu = new PerCpu[machine.cpuCount()];
    for (int cpu = 0; cpu < perCpu.length; cpu++) {
      perCpu[cpu] = new PerCpu();
    }
    machine.openSoftirq(Softirq.BLOCK, x -> perCpu[x.cpu().id()].takeAll(x));
  }

  /** {@code blk_softirq_cpu_dead}: ends in this task what a dead CPU left. */
  void cpuDead(Exec x, int cpu) {
    perCpu[cpu].takeAll(x);
  }

  /** {@code blk_mq_complete_send_ipi}: one IPI for all that find the list empty no more. */
  void send(Exec x, Request request, int cpu) {
    boolean wasEmpty = perCpu[cpu].done.isEmpty();
    perCpu[cpu].done.add(request);
    if (wasEmpty) {
      machine.sendIpi(x, machine.cpu(cpu), perCpu[cpu].ipi);
    }
  }

  /** {@code blk_mq_raise_softirq}: on this CPU. */
  void raiseHere(Exec x, Request request) {
    RequestList done = perCpu[x.cpu().id()].done;
    boolean wasEmpty = done.isEmpty();
    done.add(request);
    if (wasEmpty) {
      x.cpu().raiseSoftirq(Softirq.BLOCK);
    }
  }
}
