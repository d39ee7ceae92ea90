package launcher.trace.event;

/**
 * The operation and flags of a bio or request, packed into an int.
 *
 * <p>blk_fill_rwbs() in kernel/trace/blktrace.c writes them as letters: F for a flush before, the
 * operation, then F (FUA), A (ahead), S (sync), M (metadata), U (atomic), B (barrier, old kernels).
 */
public final class Rwbs {
  /** A flush goes before. */
  public static final int PREFLUSH = 1 << 8;

  /** Forced unit access. */
  public static final int FUA = 1 << 9;

  /** Read-ahead. */
  public static final int AHEAD = 1 << 10;

  /** Somebody waits for it. */
  public static final int SYNC = 1 << 11;

  /** Metadata. */
  public static final int META = 1 << 12;

  /** An atomic write. */
  public static final int ATOMIC = 1 << 13;

  /** A barrier of an old kernel. */
  public static final int BARRIER = 1 << 14;

  private static final int OPERATION_MASK = 0xff;
  private static final BlockOperation[] OPERATIONS = BlockOperation.values();
  private static final String LETTERS = "FASMUB";

  private Rwbs() {}

  /** Packs an operation and flags. */
  public static int of(BlockOperation operation, int flags) {
    return operation.ordinal() | flags & ~OPERATION_MASK;
  }

  /** The operation. */
  public static BlockOperation operation(int rwbs) {
    return OPERATIONS[rwbs & OPERATION_MASK];
  }

  /** The letters, in the kernel's order. */
  public static String text(int rwbs) {
    StringBuilder text = new StringBuilder(8);
    if ((rwbs & PREFLUSH) != 0) {
      text.append('F');
    }
    text.append(operation(rwbs).letters());
    for (int i = 0; i < LETTERS.length(); i++) {
      if ((rwbs & FUA << i) != 0) {
        text.append(LETTERS.charAt(i));
      }
    }
    return text.toString();
  }

  /**
   * Reads letters.
   *
   * @param from holds them
   * @param start index of the first
   * @param end index after the last
   * @return -1 if they are none
   */
  public static int parse(byte[] from, int start, int end) {
    int at = start;
    int flags = 0;
    if (end - at > 1 && from[at] == 'F' && isOperation(from[at + 1])) {
      flags = PREFLUSH;
      at++;
    }
    if (at >= end) {
      return -1;
    }
    BlockOperation operation;
    switch (from[at++]) {
      case 'R' -> operation = BlockOperation.READ;
      case 'W' -> operation = BlockOperation.WRITE;
      case 'F' -> operation = BlockOperation.FLUSH;
      case 'N' -> operation = BlockOperation.NONE;
      case 'D' -> {
        boolean erases = at < end && from[at] == 'E';
        operation = erases ? BlockOperation.SECURE_ERASE : BlockOperation.DISCARD;
        at += erases ? 1 : 0;
      }
      case 'Z' -> {
        operation = zoneOperation(at < end ? from[at] : 0);
        at++;
      }
      default -> operation = null;
    }
    while (operation != null && at < end) {
      int flag = LETTERS.indexOf(from[at++]);
      if (flag < 0) {
        return -1;
      }
      flags |= FUA << flag;
    }
    return operation == null ? -1 : of(operation, flags);
  }

  /** An F may be a flush before an operation, or the operation FLUSH with FUA after it. */
  private static boolean isOperation(byte letter) {
    return switch (letter) {
      case 'R', 'W', 'D', 'N', 'Z', 'F' -> true;
      default -> false;
    };
  }

  private static BlockOperation zoneOperation(int letter) {
    return switch (letter) {
      case 'A' -> BlockOperation.ZONE_APPEND;
      case 'R' -> BlockOperation.ZONE_RESET;
      case 'F' -> BlockOperation.ZONE_FINISH;
      case 'O' -> BlockOperation.ZONE_OPEN;
      case 'C' -> BlockOperation.ZONE_CLOSE;
      default -> null;
    };
  }
}
