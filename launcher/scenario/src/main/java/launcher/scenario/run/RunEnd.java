package launcher.scenario.run;

import block.bio.BlockDevice;
import java.util.ArrayList;
import java.util.List;
import mm.core.NodeStat;
import sim.kernel.Machine;

/**
 * Looks at what must hold at the end of a run.
 *
 * <p>A run's result ends at the instant in which its last job has ended, as fio's does, and so does
 * its trace. Writeback is then still in flight, and counts and references are on their way. So the
 * machine runs on, untraced, until it is quiet; only then can everything be counted again.
 */
final class RunEnd {
  /** Virtual time between two looks at whether the machine is quiet. */
  private static final long LOOK_NS = 1_000_000;

  /** Virtual time after which it must be quiet, unless pages are still written out meanwhile. */
  private static final long PATIENCE_NS = 120_000_000_000L;

  /** Virtual time after which it must be quiet in any case. */
  private static final long BOUND_NS = 100_000_000_000_000L;

  private final RunComposition parts;
  private final Machine machine;
  private final List<String> failures = new ArrayList<>();

  RunEnd(RunComposition parts) {
    this.parts = parts;
    machine = parts.machine;
  }

  /** What does not hold; empty if all is well. */
  List<String> verify() {
    try {
      if (settle()) {
        parts.cache.verify();
      }
    } catch (RuntimeException broken) {
      failures.add(broken.getMessage() == null ? broken.toString() : broken.getMessage());
    }
    return failures;
  }

  /** Lets what is in flight finish; false if it does not. */
  private boolean settle() {
    long startNs = machine.nowNs();
    long changedNs = startNs;
    long written = written();
    long inUse = parts.blockLayer.bios().inUse();
    while (!isQuiet()) {
      long nowNs = machine.nowNs();
      if (written != written() || inUse != parts.blockLayer.bios().inUse()) {
        written = written();
        inUse = parts.blockLayer.bios().inUse();
        changedNs = nowNs;
      }
      if (nowNs - changedNs > PATIENCE_NS || nowNs - startNs > BOUND_NS) {
        reportUnsettled(nowNs - startNs);
        return false;
      }
      machine.runUntil(nowNs + LOOK_NS);
    }
    return true;
  }

  private void reportUnsettled(long sinceNs) {
    failures.add(
        ("%d ns after the last job's end, bios not freed are %d, of them kept by %s %d, folios"
                + " kept by %s %d and by %s %d, pages under writeback %d; all must be 0")
            .formatted(
                sinceNs,
                parts.blockLayer.bios().inUse(),
                parts.blockLayer.completions().policyId(),
                parts.blockLayer.completions().pending(),
                parts.cache.dropbehindSlot().policyId(),
                parts.cache.dropbehindSlot().pending(),
                parts.cache.evictionSlot().policyId(),
                parts.cache.evictionSlot().pending(),
                parts.pages(NodeStat.WRITEBACK)));
  }

  private long written() {
    return parts.pages(NodeStat.WRITTEN);
  }

  private boolean isQuiet() {
    return parts.blockLayer.bios().inUse() == 0
        && parts.blockLayer.completions().pending() == 0
        && parts.cache.dropbehindSlot().pending() == 0
        && parts.cache.evictionSlot().pending() == 0
        && parts.pages(NodeStat.WRITEBACK) == 0
        && parts.blockLayer.devices().stream().noneMatch(BlockDevice::isBusy)
        && allCpusIdle();
  }

  private boolean allCpusIdle() {
    for (int cpu = 0; cpu < machine.cpuCount(); cpu++) {
      if (!machine.cpu(cpu).isIdle() || machine.cpu(cpu).current() != null) {
        return false;
      }
    }
    return true;
  }
}
