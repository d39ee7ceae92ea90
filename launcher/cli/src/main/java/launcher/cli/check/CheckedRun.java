package launcher.cli.check;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.cli.run.FinishedRun;
import launcher.report.Figures;
import launcher.scenario.run.JournalEntry;
import sim.kernel.check.Complaint;
import sim.kernel.check.Rule;

/**
 * One schedule and what its run came to.
 *
 * @param seed what the schedule was drawn with
 * @param schedule what was done
 * @param run what came of it
 * @param withTasksInside swaps at which a task was in the middle of the outgoing policy's answer,
 *     as far as that was looked for
 * @param custodyOnly whether broken context rules are counted but fail nothing
 */
record CheckedRun(
    long seed, Schedule schedule, FinishedRun run, int withTasksInside, boolean custodyOnly) {
  /**
   * What was lost, doubled, miscounted or stuck; and what else is wrong, unless only custody
   * counts.
   */
  List<String> breaches() {
    return custodyOnly ? run.custodyFailures() : run.ownFailures();
  }

  /** Swaps that took effect. */
  long swapsMade() {
    return run.journal().entries().stream()
        .filter(entry -> entry.kind() == JournalEntry.Kind.SWAP)
        .count();
  }

  /** Swaps at which something was pending. */
  long swapsWithSomethingPending() {
    return run.journal().entries().stream()
        .filter(entry -> entry.kind() == JournalEntry.Kind.SWAP && entry.handedOver() > 0)
        .count();
  }

  /** Bios and folios that changed hands in all swaps together. */
  long handedOver() {
    return run.journal().entries().stream().mapToLong(JournalEntry::handedOver).sum();
  }

  /**
   * How often each context rule was broken, by the first of its complaints; of the first thousand.
   */
  Map<String, Integer> complaints() {
    Map<Rule, String> first = new EnumMap<>(Rule.class);
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Complaint complaint : run.outcome().complaints()) {
      first.putIfAbsent(complaint.rule(), complaint.text());
      counts.merge(first.get(complaint.rule()), 1, Integer::sum);
    }
    return counts;
  }

  /** One line. */
  String line() {
    return ("schedule %d: %d of %d swaps made, %d with something pending, %d handed over%s;"
            + " CPUs went %d times; %s of virtual time; %s")
        .formatted(
            seed,
            swapsMade(),
            schedule.count(Schedule.Section.SWAPS),
            swapsWithSomethingPending(),
            handedOver(),
            withTasksInside == 0 ? "" : ", " + withTasksInside + " in the middle of a write",
            schedule.count(Schedule.Section.HOTPLUG),
            Figures.time(run.outcome().endNs()),
            breaches().isEmpty() ? "nothing lost" : "BROKEN");
  }

  /** For {@code --json}. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("schedule", seed);
    facts.put("swaps_planned", schedule.count(Schedule.Section.SWAPS));
    facts.put("swaps_made", swapsMade());
    facts.put("swaps_with_something_pending", swapsWithSomethingPending());
    facts.put("handed_over", handedOver());
    facts.put("swaps_in_the_middle_of_a_write", withTasksInside);
    facts.put("hotplug_trips", schedule.count(Schedule.Section.HOTPLUG));
    facts.put("end_ns", run.outcome().endNs());
    facts.put("digest", run.outcome().digest());
    facts.put("complaints", complaints());
    facts.put("complaint_count", run.outcome().complaintCount());
    facts.put("breaches", breaches());
    return facts;
  }
}
