package policies.tck.internal.deferral;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import sim.kernel.Exec;
import sim.kernel.Machine;

/** What one use of a policy has, as told by the calls that pass; judges each of them. */
public final class Custody {
  /** Nanoseconds by which one defer may cost more than the first. */
  private static final long DEFER_EXCESS_NS = 2_000;

  private final DeferralBench<?> bench;
  private final DeferralRules rules;
  private final IntSupplier pending;
  private final IntPredicate drains;
  private final Map<Long, Taken> taken = new LinkedHashMap<>();

  /** By CPU, what it has said since an item of it came, between two events. */
  private final Said[] said;

  private long number;
  private boolean deferring;
  private boolean detached;
  private long firstDeferNs = -1;
  private Exec lastEndBy;
  private long lastEndNs = -1;

  /** Whether somebody will come for a CPU's items. */
  private enum Said {
    /** It was not asked. */
    NOTHING,
    NO,
    YES
  }

  /**
   * An item that the policy has.
   *
   * @param text the item, for people
   * @param lane items of one lane keep their order
   * @param cpu where it was deferred
   * @param number how many were deferred before
   */
  private record Taken(String text, int lane, int cpu, long number) {
    @Override
    public String toString() {
      return text + " of CPU " + cpu;
    }
  }

  /**
   * Custody of nothing.
   *
   * @param pending asks the policy how many items it has
   * @param drains asks the policy whether somebody will come for a CPU's
   */
  public Custody(DeferralBench<?> bench, IntSupplier pending, IntPredicate drains) {
    this.bench = bench;
    this.pending = pending;
    this.drains = drains;
    said = new Said[bench.trial().machine().cpuCount()];
    Arrays.fill(said, Said.NOTHING);
    rules = bench.rules();
    bench.observe(this);
  }

  int size() {
    return detached ? 0 : taken.size();
  }

  String text() {
    return taken.values().toString();
  }

  boolean isDeferring() {
    return deferring;
  }

  /**
   * The layer offers an item, and the policy may take it.
   *
   * @param kind 0 or 1; items of one CPU and of one kind keep their order
   * @param call calls the policy; false if it does not take the item
   */
  public boolean defer(Exec x, long item, String text, int kind, BooleanSupplier call) {
    int cpu = x.cpu().id();
    taken.put(item, new Taken(text, 2 * cpu + kind, cpu, number++));
    long beforeNs = x.chargedNs();
    deferring = true;
    boolean took = bench.guarded(call::getAsBoolean);
    deferring = false;
    if (!took) {
      taken.remove(item);
    }
    if (said[cpu] == Said.NO) {
      // What it said was of those that came before.
      said[cpu] = Said.NOTHING;
    }
    long costNs = x.chargedNs() - beforeNs;
    if (firstDeferNs < 0) {
      firstDeferNs = costNs;
    } else if (costNs > firstDeferNs + DEFER_EXCESS_NS) {
      throw bench.stop(
          rules.common().boundedWork(),
          "defer cost %d ns with %d pending, and %d ns for the first"
              .formatted(costNs, taken.size(), firstDeferNs));
    }
    return took;
  }

  /** The policy ends an item, in the context that it is in. */
  public void end(Exec x, long item, String text) {
    release(item, text);
    if (deferring) {
      bench.findings().breach(rules.deferOnly(), "ended " + text + " in defer");
    }
    if (!x.maySleep()) {
      throw bench.stop(rules.inTask(), "ended " + text + " in " + x);
    }
    if (deferring) {
      throw bench.stop(rules.deferOnly(), "ended " + text + " in defer");
    }
    if (lastEndBy == x && lastEndNs == x.nowNs()) {
      throw bench.stop(rules.common().boundedWork(), "ended two in one step, the second " + text);
    }
    lastEndBy = x;
    lastEndNs = x.nowNs();
  }

  /** The policy ends an item, as a bound may in any context. */
  public void release(long item, String text) {
    if (detached) {
      throw bench.stop(bench.blame().detach(), "ended " + text + " after detach");
    }
    Taken it = taken.get(item);
    if (it == null) {
      throw bench.stop(
          bench.blame().custody(),
          "ended " + text + ", which it has ended before, or never took and forgot");
    }
    if (bench.isOrdered()) {
      for (Taken first : taken.values()) {
        if (first.lane() == it.lane()) {
          requireFirst(it, first);
          break;
        }
      }
    }
    taken.remove(item);
    if (said[it.cpu()] == Said.NO) {
      bench
          .findings()
          .breach(
              rules.drains(),
              "ended " + it + ", of which drains has said only that nobody will come");
    }
  }

  private void requireFirst(Taken it, Taken first) {
    if (first != it) {
      throw bench.stop(rules.inOrder(), "ended " + it + " before " + first + ", which came first");
    }
  }

  /**
   * The policy leaves.
   *
   * @param detach calls it; the items that it returns, null for none that it could know
   */
  public void detach(Supplier<long[]> detach) {
    long[] returned = bench.guarded(detach);
    if (returned == null) {
      throw bench.stop(rules.common().throwsNothing(), "detach returned null");
    }
    detached = true;
    if (returned.length != taken.size()) {
      throw bench.stop(
          bench.blame().detach(),
          "detach returned %d items, and it has %s".formatted(returned.length, text()));
    }
    Map<Integer, Long> last = new LinkedHashMap<>();
    for (int i = 0; i < returned.length; i++) {
      Taken it = taken.get(returned[i]);
      if (it == null || it.number() <= last.getOrDefault(it.lane(), -1L)) {
        throw bench.stop(
            bench.blame().detach(),
            "detach returned as item %d %s; it has %s"
                .formatted(i, it == null ? "what it does not have" : it + " too late", text()));
      }
      last.put(it.lane(), it.number());
    }
  }

  /** Between two events. */
  void verifyPending() {
    int known = detached ? 0 : pending.getAsInt();
    if (!detached && known != taken.size()) {
      throw bench.stop(
          bench.blame().custody(),
          "pending is %d, and %d are: %s".formatted(known, taken.size(), text()));
    }
  }

  /** Between two events, of CPUs that are not on their way. */
  void verifyDrains() {
    Machine machine = bench.trial().machine();
    for (int cpu = 0; cpu < said.length && !detached; cpu++) {
      if (!hasItemsOf(cpu)) {
        said[cpu] = Said.NOTHING;
      } else if (!machine.hotplug().isMoving(cpu)) {
        ask(machine, cpu);
      }
    }
  }

  private boolean hasItemsOf(int cpu) {
    for (Taken item : taken.values()) {
      if (item.cpu() == cpu) {
        return true;
      }
    }
    return false;
  }

  private void ask(Machine machine, int cpu) {
    int events = machine.events().size();
    int tasks = machine.tasks().size();
    boolean yes = bench.guarded(() -> drains.test(cpu));
    said[cpu] = yes || said[cpu] == Said.YES ? Said.YES : Said.NO;
    boolean isSame =
        machine.events().size() == events
            && machine.tasks().size() == tasks
            && pending.getAsInt() == taken.size();
    if (!isSame) {
      bench.findings().breach(rules.drains(), "changes something when it is asked of CPU " + cpu);
    }
  }
}
