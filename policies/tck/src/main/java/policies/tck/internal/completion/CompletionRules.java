package policies.tck.internal.completion;

import java.util.ArrayList;
import java.util.List;
import policies.tck.TckRule;
import policies.tck.internal.CommonRules;
import policies.tck.internal.deferral.DeferralRules;

/** The rules of completion policies. */
final class CompletionRules {
  private static final List<TckRule> ALL = new ArrayList<>();

  private static final TckRule EACH_ONCE =
      rule(
          "Every bio that a deferral took is given to endBio exactly once or returned by detach,"
              + " and counted by pending until then.",
          "bio_endio() twice frees a bio twice; never leaves its folios under writeback for ever.");
  private static final TckRule IN_TASK =
      rule(
          "endBio is called in a task that may sleep.",
          "bi_end_io() then locks folios and drops them, which may sleep.");
  private static final TckRule DEFER_ONLY =
      rule(
          "defer neither sleeps nor ends the bio itself.",
          "bio_endio() calls it in an interrupt, or under a lock of its caller.");
  private static final TckRule DETACH =
      rule(
          "detach, at whatever time, returns each pending bio once, those of one CPU that ask for the"
              + " same task in the order in which they came, and after it the deferral touches no"
              + " bio.",
          "A policy's bundle may be stopped at any time; its successor gets what it had.");
  private static final TckRule NOTHING_SHARED =
      rule(
          "All state is in what attach returned: two runs share nothing.",
          "Each machine has its own per-CPU bio_complete_batch.");
  static final TckRule WANTS_ATOMIC =
      rule(
          "wants says yes to every bio that completes where its end may not sleep.",
          "bio_in_atomic() is what keeps bi_end_io() out of interrupts and of spinlocks.");
  private static final TckRule SOON =
      rule(
          "Each bio is ended within a second of an idle machine, whether or not another one comes.",
          "A writer in balance_dirty_pages() and an fsync() wait for it.");
  private static final TckRule HOTPLUG =
      rule(
          "A bio that completes on a CPU at any step of its way down or up, refused or not, is ended"
              + " once, and soon.",
          "bio_complete_work_fn() of a CPU that is gone is never run; cpuhp callbacks drain it.");
  private static final TckRule ATTACH =
      rule(
          "It may come into use at any time: it ends what is handed over, and bios of CPUs that are"
              + " down, going or coming.",
          "A swap is between two events, and a machine need not have all its CPUs up.");
  private static final TckRule IN_ORDER =
      rule(
          "Bios of one CPU that ask for the same task are ended in the order in which they came.",
          "bio_list_add() is at the tail; a stack would let the oldest wait for ever.");
  private static final TckRule BOUNDED_WORK =
      rule(
          "Between two events it does a bounded amount of work, however much is pending: defer costs"
              + " the same, a step ends one bio, and no loop goes on for ever.",
          "Work in an interrupt delays everybody; a loop in a step can't be preempted.");
  private static final TckRule BOUNDED_STATE =
      rule(
          "What it makes (tasks, events, memory) does not grow with the number of bios that have"
              + " passed.",
          "Per-CPU lists and works are made once, and bio_endio() must not allocate.");
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
          "drains changes nothing, and has said yes of each CPU whose bios are ended.",
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

  private CompletionRules() {}

  private static TckRule rule(String sentence, String why) {
    TckRule rule = new TckRule("completion", "CP-" + (ALL.size() + 1), sentence, why);
    ALL.add(rule);
    return rule;
  }
}
