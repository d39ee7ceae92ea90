package sim.kernel.lock;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import sim.kernel.Exec;
import sim.kernel.check.ContextChecker;
import sim.kernel.check.Rule;

/**
 * The order in which one machine takes its lock classes, and in which contexts: lockdep.
 *
 * <p>It complains of what could deadlock, whether or not anybody ever waits: classes whose order
 * closes a circle ({@code check_noncircular}), a class under itself ({@code check_deadlock}), and
 * whatever lets an interrupt spin for a lock that its own CPU holds ({@code mark_lock}, {@code
 * check_irq_usage}). Each order of two classes and each kind of use is looked at once; after that
 * taking a lock costs two tests of bits.
 *
 * <p>A lock that is only tried for can't deadlock its taker: as in the kernel it is ordered before
 * what is taken under it, and behind nothing.
 */
public final class LockDependencies {
  static final int HARDIRQ = 1;
  static final int SOFTIRQ = 2;
  static final int IRQS_ON = 4;
  static final int BH_ON = 8;
  private static final int TRIED = 16;

  private final ContextChecker checker;
  private final LockContexts contexts;
  private final Map<String, LockClassUse> byName = new LinkedHashMap<>();
  private final List<LockClassUse> classes = new ArrayList<>();
  private boolean enabled = true;

  /**
   * Of a machine that has taken no lock; made by its checker.
   *
   * @param rt whether its spinlocks sleep
   */
  public LockDependencies(ContextChecker checker, boolean rt) {
    this.checker = checker;
    contexts = rt ? new SleepingLockContexts(checker) : new LockContexts();
  }

  /** Whether anything is looked at from now on. */
  public void enable(boolean is) {
    enabled = is;
  }

  LockClassUse useOf(String name) {
    return byName.computeIfAbsent(
        name,
        key -> {
          LockClassUse use = new LockClassUse(classes.size(), key);
          classes.add(use);
          return use;
        });
  }

  /** A {@code spinlock_t} or {@code local_lock_t} is about to be taken, or waited for. */
  void acquiringSpin(Exec x, LockClass lockClass, boolean irqSave) {
    contexts.requireMayTake(x, lockClass);
    if (enabled) {
      acquiring(x, lockClass.in(this), contexts.useBits(x, irqSave));
    }
  }

  /** The same of a {@code raw_spinlock_t}, whose irqsave disables interrupts on every build. */
  void acquiringRaw(Exec x, LockClass lockClass, boolean irqSave) {
    if (enabled) {
      acquiring(x, lockClass.in(this), contexts.rawUseBits(x, irqSave));
    }
  }

  /** The same of a mutex. */
  void acquiringMutex(Exec x, LockClass lockClass) {
    if (enabled) {
      acquiring(x, lockClass.in(this), contexts.useBits(x, false));
    }
  }

  /** {@code lock_acquire}. */
  private void acquiring(Exec x, LockClassUse taken, int bits) {
    noteUse(x, taken, bits);
    HeldLocks held = x.heldLocks();
    for (int i = held.count() - 1; i >= 0; i--) {
      order(x, held.get(i), taken);
      if (!held.isTried(i)) {
        // What was held before that one is ordered before it already.
        return;
      }
    }
  }

  /** A lock was taken without waiting ({@code lock_acquire} with {@code trylock}). */
  void tried(Exec x, LockClass lockClass) {
    if (enabled) {
      noteUse(x, lockClass.in(this), contexts.useBits(x, false) | TRIED);
    }
  }

  /** A lock is held from now on. */
  void hold(Exec x, HeldLock lock, LockClass lockClass, boolean isTried) {
    x.heldLocks().push(lock, lockClass.in(this), isTried);
  }

  /** A lock is given back ({@code lock_release}). */
  void release(Exec x, LockClass lockClass) {
    x.heldLocks().pop(lockClass.in(this));
  }

  /** A section of one lock lies inside a section of another, both in this step. */
  void nested(Exec x, LockClass outer, LockClass inner) {
    if (enabled) {
      order(x, outer.in(this), inner.in(this));
    }
  }

  /** Interrupts or softirqs are enabled again under the locks held ({@code mark_held_locks}). */
  public void irqsEnabled(Exec x) {
    if (!enabled) {
      return;
    }
    int bits = contexts.useBits(x, false) & (IRQS_ON | BH_ON);
    for (int i = 0; i < x.heldLocks().count(); i++) {
      noteUse(x, x.heldLocks().get(i), bits);
    }
  }

  private void noteUse(Exec x, LockClassUse taken, int bits) {
    if ((taken.seenUses & 1L << bits) == 0) {
      taken.seenUses |= 1L << bits;
      newUse(x, taken, bits);
    }
  }

  private void newUse(Exec x, LockClassUse taken, int bits) {
    boolean waits = (bits & TRIED) == 0;
    boolean inHardirq = waits && (bits & HARDIRQ) != 0 && !taken.usedInHardirq;
    boolean inSoftirq = waits && (bits & SOFTIRQ) != 0 && !taken.usedInSoftirq;
    boolean irqsOn = (bits & IRQS_ON) != 0 && !taken.usedWithIrqsOn;
    boolean bhOn = (bits & BH_ON) != 0 && !taken.usedWithBhOn;
    taken.usedInHardirq |= inHardirq;
    taken.usedInSoftirq |= inSoftirq;
    taken.usedWithIrqsOn |= irqsOn;
    taken.usedWithBhOn |= bhOn;
    checkState(x, taken, inHardirq || inSoftirq);
    if (inHardirq) {
      inversion(x, taken, HARDIRQ, after(taken, use -> use.usedWithIrqsOn));
    }
    if (inSoftirq) {
      inversion(x, taken, SOFTIRQ, after(taken, use -> use.usedWithBhOn));
    }
    if (irqsOn) {
      inversion(x, before(taken, use -> use.usedInHardirq), HARDIRQ, taken);
    }
    if (bhOn) {
      inversion(x, before(taken, use -> use.usedInSoftirq), SOFTIRQ, taken);
    }
  }

  /** {@code valid_state}: one class, both in an interrupt and where that interrupt may come. */
  private void checkState(Exec x, LockClassUse taken, boolean nowInIrq) {
    boolean hardirq = taken.usedInHardirq && taken.usedWithIrqsOn;
    boolean softirq = taken.usedInSoftirq && taken.usedWithBhOn;
    if ((hardirq || softirq) && !taken.inconsistent) {
      taken.inconsistent = true;
      String irq = hardirq ? "HARDIRQ" : "SOFTIRQ";
      String on = "{" + irq + "-ON-W}";
      String in = "{IN-" + irq + "-W}";
      String change = nowInIrq ? on + " -> " + in : in + " -> " + on;
      checker.report(Rule.IRQ_LOCK_STATE, x, taken.name() + ", " + change + " usage");
    }
  }

  private void inversion(Exec x, LockClassUse safe, int kind, LockClassUse unsafe) {
    if (safe != null && unsafe != null) {
      String irq = kind == HARDIRQ ? "HARDIRQ" : "SOFTIRQ";
      checker.report(Rule.IRQ_LOCK_INVERSION, x, "%s, %s-safe".formatted(path(safe, unsafe), irq));
    }
  }

  private void order(Exec x, LockClassUse held, LockClassUse taken) {
    if (!held.seenAfter.get(taken.id())) {
      held.seenAfter.set(taken.id());
      newOrder(x, held, taken);
    }
  }

  private void newOrder(Exec x, LockClassUse held, LockClassUse taken) {
    if (held == taken) {
      checker.report(Rule.RECURSIVE_LOCK, x, taken.name());
      return;
    }
    if (reaches(taken, held)) {
      String what = path(taken, held) + " -> " + taken.name();
      checker.report(Rule.CIRCULAR_LOCKING, x, what);
      return;
    }
    held.after.set(taken.id());
    unsafeOrder(
        x,
        Rule.HARDIRQ_LOCK_ORDER,
        held.usedInHardirq ? held : before(held, use -> use.usedInHardirq),
        taken.usedWithIrqsOn ? taken : after(taken, use -> use.usedWithIrqsOn));
    unsafeOrder(
        x,
        Rule.SOFTIRQ_LOCK_ORDER,
        held.usedInSoftirq ? held : before(held, use -> use.usedInSoftirq),
        taken.usedWithBhOn ? taken : after(taken, use -> use.usedWithBhOn));
  }

  private void unsafeOrder(Exec x, Rule rule, LockClassUse safe, LockClassUse unsafe) {
    if (safe != null && unsafe != null) {
      checker.report(rule, x, path(safe, unsafe));
    }
  }

  // --- the graph ------------------------------------------------------------------------------

  /** The first class that is taken under {@code from}, itself left out; null if there is none. */
  private LockClassUse after(LockClassUse from, Predicate<LockClassUse> wanted) {
    for (LockClassUse use : classes) {
      if (use != from && wanted.test(use) && reaches(from, use)) {
        return use;
      }
    }
    return null;
  }

  /** The first class under which {@code to} is taken, itself left out; null if there is none. */
  private LockClassUse before(LockClassUse to, Predicate<LockClassUse> wanted) {
    for (LockClassUse use : classes) {
      if (use != to && wanted.test(use) && reaches(use, to)) {
        return use;
      }
    }
    return null;
  }

  private boolean reaches(LockClassUse from, LockClassUse to) {
    return from == to || !chain(from, to).isEmpty();
  }

  private String path(LockClassUse from, LockClassUse to) {
    StringBuilder text = new StringBuilder(from.name());
    for (LockClassUse next : chain(from, to)) {
      text.append(" -> ").append(next.name());
    }
    return text.toString();
  }

  /** A shortest chain of orders, without its begin; empty if there is none. */
  private List<LockClassUse> chain(LockClassUse from, LockClassUse to) {
    int[] cameFrom = new int[classes.size()];
    BitSet visited = new BitSet();
    visited.set(from.id());
    List<LockClassUse> breadthFirst = new ArrayList<>(List.of(from));
    for (int i = 0; i < breadthFirst.size(); i++) {
      LockClassUse at = breadthFirst.get(i);
      for (int id = at.after.nextSetBit(0); id >= 0; id = at.after.nextSetBit(id + 1)) {
        if (!visited.get(id)) {
          visited.set(id);
          cameFrom[id] = at.id();
          breadthFirst.add(classes.get(id));
        }
      }
    }
    List<LockClassUse> chain = new ArrayList<>();
    for (LockClassUse at = to; visited.get(to.id()) && at != from; ) {
      chain.add(0, at);
      at = classes.get(cameFrom[at.id()]);
    }
    return chain;
  }
}
