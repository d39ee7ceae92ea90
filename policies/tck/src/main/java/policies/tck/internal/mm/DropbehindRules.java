package policies.tck.internal.mm;

import java.util.ArrayList;
import java.util.List;
import policies.tck.TckRule;
import policies.tck.internal.CommonRules;
import policies.tck.internal.deferral.DeferralRules;

/** The rules of dropbehind policies. */
final class DropbehindRules {
  private static final List<TckRule> ALL = new ArrayList<>();

  private static final TckRule EACH_ONCE =
      rule(
          "Every folio that a deferral took is given to endDropbehind exactly once or returned by"
              + " detach, and counted by pending until then.",
          "A batch holds a reference: putting it twice frees a folio in use, never leaks it.");
  private static final TckRule IN_TASK =
      rule(
          "endDropbehind is called in a task that may sleep.",
          "folio_unmap_invalidate() unmaps, and may wait for TLBs and for the file system.");
  private static final TckRule DEFER_ONLY =
      rule(
          "defer neither sleeps nor ends the folio itself.",
          "folio_end_writeback() calls it in an interrupt.");
  private static final TckRule DETACH =
      rule(
          "detach, at whatever time, returns each pending folio once, those of one CPU in the order"
              + " in which they came, and after it the deferral touches no folio.",
          "A policy's bundle may be stopped at any time; its successor gets what it had.");
  private static final TckRule NOTHING_SHARED =
      rule(
          "All state is in what attach returned: two runs share nothing.",
          "Each machine has its own folio batches.");
  private static final TckRule SOON =
      rule(
          "Each folio taken is ended within a second of an idle machine, whether or not another one"
              + " comes.",
          "DONTCACHE promises that memory does not fill up.");
  private static final TckRule HOTPLUG =
      rule(
          "A folio whose writeback ends on a CPU at any step of its way down or up, refused or not,"
              + " is ended once, and soon, or was not taken.",
          "page_alloc_cpu_dead() drains the batches of a CPU that is gone.");
  private static final TckRule ATTACH =
      rule(
          "It may come into use at any time: it ends what is handed over, and folios of CPUs that"
              + " are down, going or coming.",
          "A swap is between two events, and a machine need not have all its CPUs up.");
  private static final TckRule IN_ORDER =
      rule(
          "Folios of one CPU are ended in the order in which they came.",
          "A folio_batch is worked off from its start; a stack would keep the oldest cached.");
  private static final TckRule BOUNDED_WORK =
      rule(
          "Between two events it does a bounded amount of work, however much is pending: defer costs"
              + " the same, a step ends one folio, and no loop goes on for ever.",
          "Work in an interrupt delays everybody; a loop in a step can't be preempted.");
  private static final TckRule BOUNDED_STATE =
      rule(
          "What it makes (tasks, events, memory) does not grow with the number of folios that have"
              + " passed.",
          "A folio_batch has 31 places, and folio_end_writeback() must not allocate.");
  private static final TckRule DETERMINISTIC =
      rule(
          "The same run has the same trace twice.",
          "Simulation only: an experiment that can't be repeated shows nothing.");
  private static final TckRule CLEAN_CONTEXT =
      rule(
          "Its tasks break no rule of their context: no sleep with a lock, nothing left disabled.",
          "might_sleep(), lockdep and the workqueue's own check complain.");
  private static final TckRule THROWS_NOTHING =
      rule(
          "Nothing that it is called for throws, or returns null for a deferral or a list.",
          "A kernel has no exceptions: such code oopses.");

  private static final TckRule DRAINS =
      rule(
          "drains changes nothing, and has said yes of each CPU whose folios are ended.",
          "A sanitizer asks it whether somebody will come for what is pending, as"
              + " wq_watchdog asks its pools; a wrong no is a false alarm.");

  static final DeferralRules BY_SUBJECT =
      new DeferralRules(
          new CommonRules(List.copyOf(ALL), BOUNDED_WORK, BOUNDED_STATE, THROWS_NOTHING),
          EACH_ONCE,
          IN_TASK,
          DEFER_ONLY,
          DETACH,
          NOTHING_SHARED,
          SOON,
          HOTPLUG,
          ATTACH,
          IN_ORDER,
          DRAINS,
          DETERMINISTIC,
          CLEAN_CONTEXT);

  private DropbehindRules() {}

  private static TckRule rule(String sentence, String why) {
    TckRule rule = new TckRule("dropbehind", "DP-" + (ALL.size() + 1), sentence, why);
    ALL.add(rule);
    return rule;
  }
}
