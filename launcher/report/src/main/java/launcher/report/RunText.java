package launcher.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import launcher.report.TextTable.Side;

/** Writes the summary of one run as tables. */
public final class RunText {
  private RunText() {}

  /** Columns that each part of a table cut in two has: job and kind of I/O. */
  private static final int KEYS = 2;

  /**
   * The jobs, then the caches, completions and CPUs below them.
   *
   * @param width characters that a line of the table may have
   */
  public static String of(RunSummary run, boolean colour, int width) {
    StringBuilder text = new StringBuilder();
    text.append(jobs(run).text(colour, width, KEYS)).append('\n').append(system(run));
    return text.toString();
  }

  private static TextTable jobs(RunSummary run) {
    TextTable table = new TextTable().column("job", Side.LEFT).column("io", Side.LEFT);
    for (String title : new String[] {"ios", "bytes", "throughput", "iops"}) {
      table.column(title, Side.RIGHT);
    }
    for (String title : new String[] {"slat", "clat", "p50", "p99", "p99.9", "max", "errors"}) {
      table.column(title, Side.RIGHT);
    }
    for (JobSummary job : run.jobs()) {
      addJob(table, job);
    }
    if (run.jobs().size() > 1) {
      addJob(table, run.total());
    }
    return table;
  }

  private static void addJob(TextTable table, JobSummary job) {
    addDirection(table, job, "read", job.read());
    addDirection(table, job, "write", job.write());
    addDirection(table, job, "trim", job.trim());
    addDirection(table, job, "sync", job.sync());
  }

  private static void addDirection(
      TextTable table, JobSummary job, String name, DirectionSummary of) {
    if (of.ios() == 0) {
      return;
    }
    boolean moves = of.bytes() > 0;
    table.row().cell(job.name()).cell(name).cell(Figures.count(of.ios()));
    table.cell(moves ? Figures.bytes(of.bytes()) : "");
    table.cell(
        moves
            ? Figures.of(
                Metric.Kind.BYTES_PER_SECOND, JobSummary.perSecond(of.bytes(), job.runtimeNs()))
            : "");
    table.cell(Figures.of(Metric.Kind.PER_SECOND, JobSummary.perSecond(of.ios(), job.runtimeNs())));
    if (of.clat().count() == 0) {
      table.cell("-").cell("-").cell("-").cell("-").cell("-").cell("-");
    } else {
      table.cell(Figures.time(of.slat().meanNs())).cell(Figures.time(of.clat().meanNs()));
      table.cell(Figures.time(of.clat().p50Ns())).cell(Figures.time(of.clat().p99Ns()));
      table.cell(Figures.time(of.clat().p999Ns())).cell(Figures.time(of.clat().maxNs()));
    }
    table.cell(Figures.count(of.errors()));
  }

  private static String system(RunSummary run) {
    CacheSummary cache = run.cache();
    CompletionSummary completion = run.completion();
    CpuSummary cpu = run.cpu();
    StringBuilder text = new StringBuilder();
    line(
        text,
        "page cache",
        "dropped " + pages(cache.droppedPages()),
        "left cached " + pages(cache.leftCachedPages()) + reasons(cache),
        "peak cached " + pages(cache.peakCachedPages()),
        "peak dirty " + pages(cache.peakDirtyPages()),
        "reclaimed " + pages(cache.reclaimedPages()) + refaulted(cache));
    if (cache.throttles() > 0) {
      line(
          text,
          "throttling",
          Figures.count(cache.throttles()) + " pauses",
          Figures.time(cache.throttledNs()) + " in all");
    }
    if (cache.logWaits() > 0) {
      line(
          text,
          "log space",
          Figures.count(cache.logWaits()) + " waits",
          Figures.time(cache.logWaitedNs()) + " in all");
    }
    Latency deferral = completion.deferral();
    line(
        text,
        "bios",
        Figures.count(completion.submitted()) + " submitted",
        Figures.count(completion.ended()) + " ended",
        Figures.count(completion.deferred())
            + " deferred"
            + (deferral.count() == 0
                ? ""
                : " (mean "
                    + Figures.time(deferral.meanNs())
                    + ", p99 "
                    + Figures.time(deferral.p99Ns())
                    + ", max "
                    + Figures.time(deferral.maxNs())
                    + ")"),
        handedOver(completion));
    // CPUs tell their times at the end of a run; so far is none.
    if (cpu.cpus() > 0) {
      double wholeNs = (double) run.endNs() * Math.max(1, cpu.cpus());
      line(
          text,
          "cpu time",
          "user " + share(cpu.userNs(), wholeNs),
          "system " + share(cpu.systemNs(), wholeNs),
          "workers " + share(cpu.workerNs(), wholeNs),
          "softirq " + share(cpu.softirqNs(), wholeNs),
          "hardirq " + share(cpu.hardirqNs(), wholeNs));
    }
    line(
        text,
        "scheduling",
        Figures.count(cpu.contextSwitches()) + " context switches",
        Figures.count(cpu.workerWakeUps()) + " worker wake-ups",
        Figures.count(cpu.hardirqs()) + " hard interrupts",
        Figures.count(cpu.ipis()) + " IPIs",
        Figures.count(cpu.tlbFlushes()) + " TLB flushes" + shootdowns(cpu));
    if (run.suspensions() > 0) {
      line(
          text,
          "suspended",
          run.suspensions() == 1 ? "once" : Figures.count(run.suspensions()) + " times");
    }
    if (run.complaints() > 0) {
      line(text, "complaints", Figures.count(run.complaints()) + " rules broken");
    }
    return text.toString();
  }

  /** Empty if none was handed over or is pending. */
  private static String handedOver(CompletionSummary completion) {
    List<String> parts = new ArrayList<>();
    if (completion.handedOver() > 0) {
      parts.add(Figures.count(completion.handedOver()) + " handed over");
    }
    if (completion.pending() > 0) {
      parts.add(Figures.count(completion.pending()) + " pending");
    }
    if (completion.lost() > 0) {
      parts.add(Figures.count(completion.lost()) + " lost");
    }
    if (completion.failed() > 0) {
      parts.add(Figures.count(completion.failed()) + " failed");
    }
    return String.join(", ", parts);
  }

  private static void line(StringBuilder text, String title, String... parts) {
    List<String> said = Arrays.stream(parts).filter(part -> !part.isEmpty()).toList();
    text.append(String.format("%-12s", title)).append(String.join(", ", said)).append('\n');
  }

  private static String pages(long pages) {
    return Figures.of(Metric.Kind.BYTES, pages * 4096.0);
  }

  /** Of the flushes; empty if no other CPU was interrupted. */
  private static String refaulted(CacheSummary cache) {
    return cache.refaultedPages() == 0
        ? ""
        : ", of which " + pages(cache.refaultedPages()) + " came back";
  }

  private static String shootdowns(CpuSummary cpu) {
    return cpu.tlbShootdowns() == 0
        ? ""
        : " ("
            + Figures.count(cpu.tlbShootdowns())
            + " shoot-downs by "
            + Figures.count(cpu.tlbIpis())
            + " IPIs)";
  }

  private static String share(long ns, double wholeNs) {
    return Figures.time(ns) + " (" + Figures.percent(ns, wholeNs) + ")";
  }

  private static String reasons(CacheSummary cache) {
    if (cache.leftCachedByReason().isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder(" (");
    cache
        .leftCachedByReason()
        .forEach(
            (reason, pages) ->
                text.append(text.length() > 2 ? ", " : "")
                    .append(reason)
                    .append(' ')
                    .append(pages(pages)));
    return text.append(')').toString();
  }
}
