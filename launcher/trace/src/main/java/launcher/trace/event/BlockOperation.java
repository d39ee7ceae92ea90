package launcher.trace.event;

/** What a bio or a request does, as the kernel's {@code rwbs} spells it. */
public enum BlockOperation {
  /** Reads. */
  READ("R"),
  /** Writes. */
  WRITE("W"),
  /** Discards, or trims. */
  DISCARD("D"),
  /** Discards for good. */
  SECURE_ERASE("DE"),
  /** Flushes the device's cache. */
  FLUSH("F"),
  /** Appends to a zone. */
  ZONE_APPEND("ZA"),
  /** Resets a zone. */
  ZONE_RESET("ZR"),
  /** Finishes a zone. */
  ZONE_FINISH("ZF"),
  /** Opens a zone. */
  ZONE_OPEN("ZO"),
  /** Closes a zone. */
  ZONE_CLOSE("ZC"),
  /** None of these: a driver's own request, or none at all. */
  NONE("N");

  private final String letters;

  BlockOperation(String letters) {
    this.letters = letters;
  }

  /** Its letters in an {@code rwbs}. */
  public String letters() {
    return letters;
  }
}
