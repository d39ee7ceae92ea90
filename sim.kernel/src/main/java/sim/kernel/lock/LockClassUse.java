package sim.kernel.lock;

import java.util.BitSet;

/** What one machine has seen of a lock class. */
final class LockClassUse {
  private final int id;
  private final String name;

  /** Classes taken while one of this was held, by id: edges of the order, which has no circle. */
  final BitSet after = new BitSet();

  /** Those that were looked at already, whatever came of it. */
  final BitSet seenAfter = new BitSet();

  /** Kinds of use that were looked at already, a bit each. */
  long seenUses;

  boolean usedInHardirq;
  boolean usedInSoftirq;
  boolean usedWithIrqsOn;
  boolean usedWithBhOn;
  boolean inconsistent;

  LockClassUse(int id, String name) {
    this.id = id;
    this.name = name;
  }

  int id() {
    return id;
  }

  String name() {
    return name;
  }
}
