package policies.tck.internal.mm;

/** A folio as an eviction policy can see it, and who has it. */
final class TrialFolio {
  /** Number that no other folio of any run has. */
  final int number;

  /** Whether finishing it would write it out, so that it may be unlocked. */
  final boolean forPageout;

  boolean mapped = true;
  boolean unflushed;
  boolean locked = true;
  boolean lockedByOther;

  /** Somebody has mapped, pinned or written it since it was unlocked. */
  boolean touched;

  TrialFolio(int number, boolean forPageout) {
    this.number = number;
    this.forPageout = forPageout;
  }

  @Override
  public String toString() {
    return "folio " + number + (forPageout ? " (for pageout)" : "");
  }
}
