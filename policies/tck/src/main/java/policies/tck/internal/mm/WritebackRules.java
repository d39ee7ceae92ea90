package policies.tck.internal.mm;

import java.util.ArrayList;
import java.util.List;
import policies.tck.TckRule;
import policies.tck.internal.CommonRules;

/** The rules of writeback policies. */
final class WritebackRules {
  private static final List<TckRule> ALL = new ArrayList<>();

  static final TckRule WRITTEN =
      rule(
          "What a DONTCACHE write has dirtied is written within a second of the last write, without"
              + " another write, an fsync or the flusher's timer.",
          "DONTCACHE promises not to leave dirty memory behind; a lost kick does.");
  static final TckRule RETURNS =
      rule(
          "The writer's call returns within a second of its write.",
          "generic_write_sync() is on the way back to user mode.");
  static final TckRule DETACH =
      rule(
          "After detach it starts no writeback, at whatever time that comes.",
          "A policy's bundle may be stopped at any time; its successor decides from then on.");
  static final TckRule NOTHING_SHARED =
      rule(
          "All state is in what attach returned: two runs share nothing.",
          "A bdi_writeback belongs to one device of one machine.");
  static final TckRule ATTACH =
      rule(
          "It may come into use at any time: writers that have waited for it return, and later"
              + " writes are written.",
          "A swap is between two events, with writers in the middle of their calls.");
  static final TckRule LEAVES_WRITERS =
      rule(
          "A writer that is in it when it leaves returns all the same.",
          "A task that nobody wakes any more is a hung task.");
  static final TckRule HOTPLUG =
      rule(
          "A write that ends at any step of a CPU's way down or up, refused or not, is written, and"
              + " its writer returns.",
          "Work queued on a CPU that goes is run elsewhere or never.");
  static final TckRule BOUNDED_WORK =
      rule(
          "Between two events it does a bounded amount of work, however many writes there have been:"
              + " the call costs the same, and no loop goes on for ever.",
          "The writer pays for it with every write; a loop in a step can't be preempted.");
  static final TckRule BOUNDED_STATE =
      rule(
          "What it makes (tasks, events, memory) does not grow with the number of writes.",
          "wb_start_writeback() sets a bit; it does not queue.");
  static final TckRule DETERMINISTIC =
      rule(
          "The same run has the same trace twice.",
          "Simulation only: an experiment that can't be repeated shows nothing.");
  static final TckRule CLEAN_CONTEXT =
      rule(
          "It breaks no rule of its context: no sleep with a lock, nothing left disabled.",
          "might_sleep() and lockdep complain, and the writer returns to user mode.");
  static final TckRule THROWS_NOTHING =
      rule(
          "Nothing that it is called for throws, or returns null for a deferral.",
          "A kernel has no exceptions: such code oopses.");

  static final CommonRules COMMON =
      new CommonRules(List.copyOf(ALL), BOUNDED_WORK, BOUNDED_STATE, THROWS_NOTHING);

  private WritebackRules() {}

  private static TckRule rule(String sentence, String why) {
    TckRule rule = new TckRule("writeback", "WP-" + (ALL.size() + 1), sentence, why);
    ALL.add(rule);
    return rule;
  }
}
