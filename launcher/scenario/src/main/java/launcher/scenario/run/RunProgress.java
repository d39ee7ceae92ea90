package launcher.scenario.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mm.core.NodeStat;
import sim.kernel.Task;

/** Watches whether anything still happens in a run. */
final class RunProgress {
  /** Virtual time for which all jobs may wait without that anything happens. */
  private static final long STUCK_NS = 300_000_000_000L;

  /** The same for jobs that may be asleep because they want to be. */
  private static final long ASLEEP_NS = 120 * STUCK_NS;

  private static final long STILL_NS = 100_000_000L;

  private static final int TASKS_SHOWN = 20;

  private final RunComposition parts;
  private long[] last = new long[0];
  private long sinceNs;

  RunProgress(RunComposition parts) {
    this.parts = parts;
  }

  /**
   * Looks.
   *
   * @param stopped whether the jobs have been told to stop
   * @return whether nothing has happened for too long
   */
  boolean isStuck(boolean stopped) {
    long[] now = {
      parts.workload.bytesDone(),
      parts.blockLayer.bios().inUse(),
      parts.pages(NodeStat.DIRTIED),
      parts.pages(NodeStat.WRITTEN),
      parts.pages(NodeStat.FILE_PAGES)
    };
    long nowNs = parts.machine.nowNs();
    if (!Arrays.equals(now, last)) {
      last = now;
      sinceNs = nowNs;
      return false;
    }
    boolean waiting = stopped || allJobsWait();
    return nowNs - sinceNs >= (waiting ? STUCK_NS : ASLEEP_NS);
  }

  /**
   * Whether nothing can move before the next event: all jobs are blocked, and that is a tenth of a
   * second away, or they have been for as long, with nothing at the device.
   */
  boolean standsStillUntil(long nextNs) {
    long nowNs = parts.machine.nowNs();
    boolean isFar = nextNs - nowNs >= STILL_NS;
    boolean isIdle = parts.blockLayer.bios().inUse() == parts.blockLayer.completions().pending();
    return (isFar || isIdle)
        && jobs().stream()
            .allMatch(
                task ->
                    task.waitsSinceNs() >= 0 && (isFar || nowNs - task.waitsSinceNs() >= STILL_NS));
  }

  /** Whether each job that has not ended is blocked, and none is asleep because it wants to be. */
  boolean allJobsWait() {
    return jobs().stream().allMatch(task -> task.waitsSinceNs() >= 0);
  }

  private List<Task> jobs() {
    return parts.machine.tasks().stream()
        .filter(task -> !task.isKernelThread() && !task.hasExited())
        .toList();
  }

  /** Who has not ended, what they wait for, and what is in flight. */
  String report() {
    List<String> lines = new ArrayList<>();
    for (Task task : jobs()) {
      if (lines.size() == TASKS_SHOWN) {
        lines.add("... and " + (jobs().size() - TASKS_SHOWN) + " more");
        break;
      }
      lines.add(
          task
              + (task.waitsSinceNs() >= 0
                  ? " is blocked since " + task.waitsSinceNs() + " ns"
                  : task.isAsleep() ? " sleeps" : " is runnable"));
    }
    lines.add(
        "bios not freed: "
            + parts.blockLayer.bios().inUse()
            + ", of them with or without a policy, not ended: "
            + parts.blockLayer.completions().pending());
    lines.add(
        "pages dirty: "
            + parts.pages(NodeStat.FILE_DIRTY)
            + ", under writeback: "
            + parts.pages(NodeStat.WRITEBACK));
    return String.join("\n  ", lines);
  }
}
