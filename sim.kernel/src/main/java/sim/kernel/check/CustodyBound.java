package sim.kernel.check;

/**
 * How much one use of a policy may have pending at one time. A kernel's lists have no bound but
 * memory; a simulation that waits for that tells nobody who filled it.
 *
 * @param items above 0; what a policy is handed over by the one before comes on top
 */
public record CustodyBound(int items) {
  /** More than any honest policy has: 4 GiB of pages. */
  public static final CustodyBound USUAL = new CustodyBound(1 << 20);

  /** Refuses a bound that lets nothing in. */
  public CustodyBound {
    if (items < 1) {
      throw new IllegalArgumentException(
          "custody bound: items is " + items + "; it must be above 0");
    }
  }

  /**
   * How much it comes to for a policy that begins with something: what others have kept is not its
   * fault.
   */
  public int withHandedOver(int handedOver) {
    return (int) Math.min(Integer.MAX_VALUE, (long) items + handedOver);
  }

  /**
   * What is said of a policy that has reached it and is given one more.
   *
   * @param pending what it has
   * @param things what these are: {@code bios}
   */
  public static String exceeded(int pending, String things) {
    return "keeps " + pending + " " + things + " pending, which is the bound, and ends none";
  }
}
