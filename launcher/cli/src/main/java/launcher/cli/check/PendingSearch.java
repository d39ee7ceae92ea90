package launcher.cli.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.run.PolicySeatSnapshot;
import launcher.scenario.run.RunState;
import launcher.scenario.run.SimulationRun;

/**
 * Moves swaps to where they do most harm: to the first time from the drawn one on at which their
 * family has something pending or a task in the middle of its answer, or else to the next swap's.
 * It makes them in a run as it goes, since each changes what follows; another run that has them at
 * these times is the same run.
 */
final class PendingSearch {
  private final SimulationRun run;
  private final BooleanSupplier isStopped;
  private int withTasksInside;

  /**
   * A search that has not begun.
   *
   * @param run at its beginning; has the hotplug and no swaps
   * @param isStopped whether the user wants no more
   */
  PendingSearch(SimulationRun run, BooleanSupplier isStopped) {
    this.run = run;
    this.isStopped = isStopped;
  }

  /** The swaps, moved; those that the run did not come to stay where they are. */
  List<DrawnSwap> moved(List<DrawnSwap> swaps) {
    List<DrawnSwap> moved = new ArrayList<>();
    for (int i = 0; i < swaps.size(); i++) {
      DrawnSwap swap = swaps.get(i);
      long lastNs = i + 1 < swaps.size() ? swaps.get(i + 1).atNs() : swap.atNs();
      moved.add(goesOn() ? made(swap, lastNs) : swap);
    }
    return moved;
  }

  /** Swaps at which a task was in the middle of the outgoing policy's answer. */
  int withTasksInside() {
    return withTasksInside;
  }

  private PolicySeatSnapshot seatNow(int seat) {
    return run.snapshot().policies().get(seat);
  }

  private boolean goesOn() {
    RunState state = run.state();
    return !state.isOver() && state != RunState.SUSPENDED && !isStopped.getAsBoolean();
  }

  private DrawnSwap made(DrawnSwap swap, long lastNs) {
    PolicyFamily<?> family = PolicyFamily.of(swap.family()).orElseThrow();
    int seat = PolicyFamily.all().indexOf(family);
    run.advanceToNs(Math.max(swap.atNs(), run.nowNs()));
    // Ends: each turn goes on to the next time at which anything happens, or ends the run.
    while (goesOn() && run.nowNs() < lastNs && !seatNow(seat).isBusy()) {
      run.advanceByInstants(1);
    }
    DrawnSwap moved = swap.at(run.nowNs());
    if (goesOn()) {
      if (seatNow(seat).unanswered() > 0) {
        withTasksInside++;
      }
      run.use(family, swap.id());
    }
    return moved;
  }
}
