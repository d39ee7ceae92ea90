package policies.tck.internal.mm;

import java.util.ArrayList;
import java.util.List;
import policies.tck.TckRule;
import policies.tck.internal.CommonRules;

/** The rules of eviction policies. */
final class EvictionRules {
  private static final List<TckRule> ALL = new ArrayList<>();

  static final TckRule EACH_ONCE =
      rule(
          "Every folio that a batch took is finished or put back exactly once, or handed back, and"
              + " counted by pending until then.",
          "shrink_folio_list() has isolated it: nobody else will put it back or free it.");
  static final TckRule FLUSHED =
      rule(
          "A folio is finished after it was unmapped and the TLBs were flushed since.",
          "try_to_unmap_flush() comes before a page is freed or written; else a CPU still uses it.");
  static final TckRule FLUSH =
      rule(
          "flush leaves nothing pending.",
          "The task goes on with what shrink_folio_list() returned; nobody comes back.");
  static final TckRule HAND_BACK =
      rule(
          "handBack, at whatever time, returns each folio that is not finished, in the order they"
              + " were taken, and after it the batch touches no folio.",
          "A policy's bundle may be stopped at any time; its successor gets what it had.");
  static final TckRule NOTHING_SHARED =
      rule(
          "All state is in what attach and newBatch returned: two tasks and two runs share nothing.",
          "tlb_ubc is in task_struct.");
  static final TckRule UNTOUCHED =
      rule(
          "It unlocks only folios that are for pageout, and finishes such a one only if it has locked"
              + " it again and nobody has mapped, pinned or written it since it was unlocked.",
          "Stores through stale TLB entries are lost: the first version of the series.");
  static final TckRule ATTACH =
      rule(
          "It may come into use at any time: it finishes what is handed over, unmapped or not.",
          "A swap is between two events, in the middle of a task's list.");
  static final TckRule GOES_ON =
      rule(
          "The task that evicts goes on: each of its calls ends within a second.",
          "Direct reclaim has somebody waiting for memory.");
  static final TckRule HOTPLUG =
      rule(
          "It goes on at any step of a CPU's way down or up, refused or not.",
          "A CPU that is gone answers no flush, and needs none.");
  static final TckRule BOUNDED_PENDING =
      rule(
          "It keeps at most 512 folios pending, however long the list.",
          "Folios in a batch are locked, and their memory is not free: a folio_batch has 31.");
  static final TckRule BOUNDED_WORK =
      rule(
          "Between two events it does a bounded amount of work: a step finishes one folio, and no"
              + " loop goes on for ever.",
          "A loop in a step can't be preempted, and its time is nobody's.");
  static final TckRule BOUNDED_STATE =
      rule(
          "What it makes (tasks, events, memory) does not grow with the number of lists.",
          "Memory is short when it is called.");
  static final TckRule DETERMINISTIC =
      rule(
          "The same run has the same trace twice.",
          "Simulation only: an experiment that can't be repeated shows nothing.");
  static final TckRule CLEAN_CONTEXT =
      rule(
          "It breaks no rule of its context: no sleep with a lock, nothing left disabled.",
          "might_sleep() and lockdep complain.");
  static final TckRule THROWS_NOTHING =
      rule(
          "Nothing that it is called for throws, or returns null for a deferral, a batch or a list.",
          "A kernel has no exceptions: such code oopses.");

  static final CommonRules COMMON =
      new CommonRules(List.copyOf(ALL), BOUNDED_WORK, BOUNDED_STATE, THROWS_NOTHING);

  private EvictionRules() {}

  private static TckRule rule(String sentence, String why) {
    TckRule rule = new TckRule("eviction", "EP-" + (ALL.size() + 1), sentence, why);
    ALL.add(rule);
    return rule;
  }
}
