package sim.kernel.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import sim.kernel.Exec;
import sim.kernel.ExecContext;
import sim.kernel.Machine;
import sim.kernel.Task;
import sim.kernel.lock.LockDependencies;
import sim.kernel.trace.Tracepoint;

/**
 * Collects broken rules, as the kernel's debugging options print them. The run goes on; whoever
 * ends it turns complaints into its result.
 */
public final class ContextChecker {
  /** Complaints kept; later ones are only counted. */
  public static final int KEPT_MAX = 1_000;

  /** Virtual time between two looks at progress. */
  public static final long PROGRESS_INTERVAL_NS = 10_000_000_000L;

  private static final long HUNG_TASK_NS = 120_000_000_000L;
  private static final long WORKQUEUE_LOCKUP_NS = 30_000_000_000L;

  private static final String NO_TASK = "no task";

  private final Machine machine;
  private final LockDependencies locks;
  private final Set<Sanitizer> off = EnumSet.noneOf(Sanitizer.class);
  private final Set<Rule> broken = EnumSet.noneOf(Rule.class);
  private final List<Complaint> complaints = new ArrayList<>();
  private final Map<String, String> warnings = new LinkedHashMap<>();
  private Consumer<Complaint> onFirst = complaint -> {};
  private long count;

  /** A checker without complaints. */
  public ContextChecker(Machine machine) {
    this.machine = machine;
    locks = new LockDependencies(this, machine.build().rt());
  }

  /** Ceases to watch for the rules of one sanitizer. */
  public void turnOff(Sanitizer sanitizer) {
    off.add(sanitizer);
    locks.enable(isOn(Sanitizer.LOCK_ORDER) || isOn(Sanitizer.IRQ_SAFETY));
  }

  /** Whether the rules of a sanitizer are watched. */
  public boolean isOn(Sanitizer sanitizer) {
    return !off.contains(sanitizer);
  }

  /** The order in which lock classes are taken. */
  public LockDependencies locks() {
    return locks;
  }

  /**
   * Tells of the first complaint of each rule, in the middle of the step that broke it: the stack
   * of the caller is the one that did.
   */
  public void onFirst(Consumer<Complaint> listener) {
    onFirst = listener;
  }

  /**
   * Records a broken rule, unless its sanitizer is off.
   *
   * @param x the code that broke it; null outside any CPU
   * @param what the call or object concerned
   */
  public void report(Rule rule, Exec x, String what) {
    record(
        rule,
        x == null ? -1 : x.cpu().id(),
        x == null ? ExecContext.TASK : x.context(),
        x == null ? NO_TASK : x.toString(),
        what);
  }

  /**
   * Records a broken rule about a CPU that is found outside its steps, unless its sanitizer is off.
   *
   * @param cpu whose last events belong to it
   * @param what the object concerned
   */
  public void reportOn(Rule rule, int cpu, String what) {
    record(rule, cpu, ExecContext.TASK, NO_TASK, what);
  }

  private void record(Rule rule, int cpu, ExecContext context, String where, String what) {
    if (off.contains(rule.sanitizer())) {
      return;
    }
    count++;
    machine
        .trace()
        .emit(machine.nowNs(), cpu, Tracepoint.COMPLAINT, rule.ordinal(), context.ordinal());
    boolean first = broken.add(rule);
    if (first || complaints.size() < KEPT_MAX) {
      Complaint complaint = new Complaint(rule, machine.nowNs(), cpu, context, where, what);
      if (complaints.size() < KEPT_MAX) {
        complaints.add(complaint);
      }
      if (first) {
        onFirst.accept(complaint);
      }
    }
  }

  /**
   * Looks for tasks and worker pools that make no progress, as khungtaskd and the workqueue
   * watchdog do. Called every {@link #PROGRESS_INTERVAL_NS} of a run.
   */
  public void checkProgress() {
    long nowNs = machine.nowNs();
    for (Task task : machine.tasks()) {
      long sinceNs = task.waitsSinceNs();
      // Reported once: in the first interval that begins after the time-out.
      if (sinceNs >= 0
          && nowNs - sinceNs > HUNG_TASK_NS
          && nowNs - sinceNs <= HUNG_TASK_NS + PROGRESS_INTERVAL_NS) {
        report(Rule.HUNG_TASK, task, "waits since " + sinceNs + " ns");
      }
    }
    machine
        .workqueues()
        .stalled(WORKQUEUE_LOCKUP_NS)
        .forEach(pool -> report(Rule.WORKQUEUE_LOCKUP, null, pool));
  }

  /**
   * Notes what breaks no rule, and what the kernel warns of, unless its sanitizer is off.
   *
   * @param subject what it is about; a later warning of the same takes the place of this one
   */
  public void warn(Sanitizer sanitizer, String subject, String text) {
    if (isOn(sanitizer)) {
      warnings.put(subject, text);
    }
  }

  /** The last warning of each subject, in the order of their first. */
  public List<String> warnings() {
    return List.copyOf(warnings.values());
  }

  /** The first {@link #KEPT_MAX} complaints, in order. */
  public List<Complaint> complaints() {
    return Collections.unmodifiableList(complaints);
  }

  /** Number of complaints in all. */
  public long count() {
    return count;
  }
}
