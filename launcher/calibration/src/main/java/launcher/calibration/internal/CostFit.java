package launcher.calibration.internal;

import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import launcher.calibration.FittedValue;
import sim.kernel.machine.Cost;

/** A machine's costs, from the spacing of recorded events. */
public final class CostFit {
  private static final int COUNT_MIN = 100;

  /** Order of the least folio whose blocks tell one's share apart from the rest. */
  private static final int LARGE_ORDER = 4;

  /** Events this close tell how long an interrupt's entry was. */
  private static final double DENSE_NS = 3_000;

  private final TraceInput traces;
  private final List<FittedValue> values;
  private final List<String> refusals;
  private final Map<Cost, Long> fitted = new EnumMap<>(Cost.class);
  private final double eventNs;

  private CostFit(TraceInput traces, List<FittedValue> values, List<String> refusals) {
    this.traces = traces;
    this.values = values;
    this.refusals = refusals;
    eventNs = traces.pairs().eventNs();
  }

  /**
   * Fits.
   *
   * @param device the one that is kicked, if there are several
   * @param values what can be told is added here
   * @param refusals what can't be told is added here
   * @param notes what to know is added here
   * @return the fitted costs; a cost that is not in it has its default
   */
  public static Map<Cost, Long> of(
      TraceInput traces,
      Optional<String> device,
      List<FittedValue> values,
      List<String> refusals,
      List<String> notes) {
    CostFit fit = new CostFit(traces, values, refusals);
    if (!traces.isEmpty()) {
      notes.add(
          String.format(
              Locale.ROOT,
              "an event costs at most %.2f us, the closest that two of the traces' are; a span is"
                  + " charged less that for each event in it",
              fit.eventNs / 1e3));
      fit.interruptEntry();
      fit.traces.spans().forEach(fit::span);
      fit.insertion();
      fit.copy();
      fit.reservation();
      fit.removal();
      fit.sched();
      traces.busiest(device).ifPresent(fit::kick);
      fit.interruptCpu();
    }
    fit.untold();
    return fit.fitted;
  }

  private long costNs(Cost cost) {
    return fitted.getOrDefault(cost, cost.defaultNs());
  }

  private void interruptEntry() {
    Samples entries = traces.pairs().interruptEntries(DENSE_NS);
    if (entries.count() < COUNT_MIN) {
      refuse(Cost.HARDIRQ_ENTRY, "interrupts of code dense with events", entries.count());
      return;
    }
    put(
        Cost.HARDIRQ_ENTRY,
        entries.quantile(0.5),
        "median gap before irq_handler_entry in code dense with events, less half its usual gap",
        entries);
  }

  private void span(SpanFold fold) {
    SpanRule rule = fold.rule();
    Samples samples = fold.samples();
    if (samples.count() < COUNT_MIN) {
      refuse(rule.cost(), rule.text(), samples.count());
      return;
    }
    double ns = samples.trimmedMean() - fold.eventsOfASpan() * eventNs;
    StringBuilder less = new StringBuilder();
    for (Cost other : Cost.values()) {
      if (rule.others().contains(other)) {
        ns -= costNs(other);
        less.append(less.isEmpty() ? ", less " : ", ").append(other.key());
      }
    }
    if (ns < 0) {
      refusals.add(
          "%s: %s, is not above the other costs in it, so '%s' stays at %s"
              .formatted(
                  rule.text(),
                  Quantities.time(Math.round(samples.trimmedMean())),
                  rule.cost().key(),
                  Quantities.time(rule.cost().defaultNs())));
      return;
    }
    put(rule.cost(), Math.round(ns), rule.text() + less, samples);
  }

  private void insertion() {
    Samples singles = traces.copies().insertions();
    Samples large = traces.copies().largeInsertions();
    String what = "insertions of folios that follow the end of a DONTCACHE write";
    if (singles.count() < COUNT_MIN) {
      refuse(Cost.FOLIO_ADD, what, singles.count());
      return;
    }
    double others = costNs(Cost.SYSCALL) + costNs(Cost.USER_IO) + costNs(Cost.FOLIO_LOOKUP);
    put(
        Cost.FOLIO_ADD,
        Math.max(0, Math.round(singles.trimmedMean() - eventNs - others)),
        "the end of a DONTCACHE write to the insertion of the next one's page, less "
            + String.join(", ", Cost.SYSCALL.key(), Cost.USER_IO.key(), Cost.FOLIO_LOOKUP.key()),
        singles);
    if (large.count() < COUNT_MIN) {
      refuse(Cost.FOLIO_ADD_PAGE, what + ", of 16 pages and more", large.count());
      return;
    }
    double moreNs = large.trimmedMean() - singles.trimmedMean();
    put(
        Cost.FOLIO_ADD_PAGE,
        Math.max(0, Math.round(moreNs / traces.copies().furtherPages())),
        "what a folio of 16 pages and more takes longer than a page there, a page",
        large);
  }

  /** A line through folios of two sizes: a page's share is the copy. */
  private void copy() {
    CopySpans whole = traces.copies().whole();
    int least = whole.least();
    int greatest = whole.greatest();
    if (least == greatest) {
      refuse(Cost.PAGE_COPY, "insertions and dirtyings of folios of two sizes, but on ext4", 0);
      return;
    }
    Samples small = whole.usual(least);
    Samples large = whole.usual(greatest);
    double pageNs = (large.trimmedMean() - small.trimmedMean()) / ((1 << greatest) - (1 << least));
    put(
        Cost.PAGE_COPY,
        Math.max(0, Math.round(pageNs)),
        "insertion to dirtying, what a folio of %d pages takes longer than one of %d, a page"
            .formatted(1 << greatest, 1 << least),
        large);
    put(
        Cost.FOLIO_DIRTY,
        Math.max(0, Math.round(small.trimmedMean() - eventNs - pageNs * (1 << least))),
        "insertion to dirtying of a folio of %d pages, less page-copy".formatted(1 << least),
        small);
  }

  /** What ext4 does from insertion to dirtying on top. */
  private void reservation() {
    CopySpans byBlock = traces.copies().byBlock();
    int order = byBlock.greatest();
    if (order < LARGE_ORDER) {
      refuse(
          Cost.BLOCK_RESERVE, "insertion to dirtying of folios of 16 pages and more, by ext4", 0);
      return;
    }
    Samples spans = byBlock.usual(order);
    double pages = 1 << order;
    double ns =
        (spans.trimmedMean() - eventNs - costNs(Cost.FOLIO_DIRTY) - costNs(Cost.BLOCK_MAP)) / pages
            - costNs(Cost.PAGE_COPY)
            - 2 * costNs(Cost.BUFFER_SCAN);
    put(
        Cost.BLOCK_RESERVE,
        Math.max(0, Math.round(ns)),
        "insertion to dirtying of a folio of %d pages by ext4, a page, less page-copy, buffer-scan,"
                .formatted(1 << order)
            + " and a page's share of folio-dirty, block-map",
        spans);
  }

  private void removal() {
    Samples removals = traces.copies().removals();
    if (removals.count() < COUNT_MIN) {
      refuse(Cost.FOLIO_DROP, "removals of one page after the other", removals.count());
      return;
    }
    double others =
        costNs(Cost.SYSCALL)
            + costNs(Cost.USER_IO)
            + costNs(Cost.FOLIO_LOOKUP)
            + costNs(Cost.PAGE_COPY);
    put(
        Cost.FOLIO_DROP,
        Math.max(0, Math.round(removals.trimmedMean() - eventNs - others)),
        "one page's removal to the next one's by a task that reads, less syscall, user-io,"
            + " folio-lookup, page-copy",
        removals);
  }

  private void sched() {
    Samples switches = traces.sched().contextSwitches();
    if (switches.count() < COUNT_MIN) {
      refuse(Cost.CONTEXT_SWITCH, "switches from one task's work to a worker's", switches.count());
    } else {
      put(
          Cost.CONTEXT_SWITCH,
          Math.round(Math.max(0, switches.trimmedMean() - 2 * eventNs)),
          "the end of a task's work, over sched_switch, to a worker's start",
          switches);
    }
    Samples remote = traces.sched().wakeUps();
    if (remote.count() < COUNT_MIN) {
      refuse(Cost.IDLE_EXIT, "work items queued for a CPU at rest by another", remote.count());
      return;
    }
    put(
        Cost.IDLE_EXIT,
        Math.max(0, remote.quantile(0.5) - costNs(Cost.WORKER_WAKEUP)),
        "median of queueing a work item to its start on another CPU that was at rest, less "
            + Cost.WORKER_WAKEUP.key(),
        remote);
  }

  /** What the kick of a device at rest costs, beyond an issue to one that works. */
  private void kick(RequestFold device) {
    Samples rest = device.issuesAtRest();
    Samples work = device.issuesAtWork();
    if (rest.count() < COUNT_MIN || work.count() < COUNT_MIN) {
      refuse(
          Cost.VIRTQUEUE_KICK,
          "issues to a device at rest, and at work",
          Math.min(rest.count(), work.count()));
      return;
    }
    put(
        Cost.VIRTQUEUE_KICK,
        Math.max(0, rest.quantile(0.5) - work.quantile(0.5)),
        "median of block_rq_issue to the task's next event, the device at rest, less at work",
        rest);
  }

  private void interruptCpu() {
    traces.interrupts().entrySet().stream()
        .max(Comparator.comparingLong(entry -> sum(entry.getValue())))
        .ifPresent(
            entry -> {
              long all = sum(entry.getValue());
              Map.Entry<Integer, Long> most =
                  Collections.max(entry.getValue().entrySet(), Map.Entry.comparingByValue());
              if (10 * most.getValue() < 9 * all) {
                refusals.add(
                    "interrupts of %s come on several CPUs, so 'irq-cpu' stays"
                        .formatted(entry.getKey()));
                return;
              }
              values.add(
                  new FittedValue(
                      "device",
                      "irq-cpu",
                      most.getKey().toString(),
                      "CPU of the interrupts of " + entry.getKey(),
                      most.getValue() + " of " + all));
            });
  }

  private static long sum(Map<Integer, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private void put(Cost cost, long ns, String text, Samples samples) {
    fitted.put(cost, ns);
    double even = samples.trimmedMeanOfHalf(0);
    double odd = samples.trimmedMeanOfHalf(1);
    values.add(
        new FittedValue(
            "machine",
            cost.key(),
            Quantities.time(ns),
            text + "; n = " + samples.count(),
            "half the spans predict the others' mean by " + Quantities.error(even, odd)));
  }

  private void refuse(Cost cost, String what, int count) {
    refusals.add(
        "%s %s, so '%s' stays at %s"
            .formatted(
                count == 0 ? "no" : "only " + count + " of",
                what,
                cost.key(),
                Quantities.time(cost.defaultNs())));
  }

  /** Costs for which the kernel has no events, or none that are read. */
  private void untold() {
    refusals.add(
        "no event tells these apart, so they stay: "
            + String.join(
                ", ",
                List.of(
                    Cost.HARDIRQ_EXIT.key(),
                    Cost.IPI.key(),
                    Cost.WORKER_WAKEUP.key(),
                    Cost.WAKE.key(),
                    Cost.QUEUE_WORK.key(),
                    Cost.SYSCALL.key(),
                    Cost.USER_IO.key(),
                    Cost.FOLIO_LOOKUP.key())));
  }
}
