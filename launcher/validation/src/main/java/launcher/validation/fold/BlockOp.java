package launcher.validation.fold;

/** What a bio or a request does, by the letters of {@code rwbs}. */
enum BlockOp {
  READ("R"),
  WRITE("W"),
  FLUSH("F"),
  DISCARD("D"),
  OTHER("N");

  private static final BlockOp[] ALL = values();

  final String text;

  BlockOp(String text) {
    this.text = text;
  }

  static int count() {
    return ALL.length;
  }

  /** A flush with data is what its data is; one without is a flush. */
  static BlockOp of(long rwbs) {
    int letter = (int) (rwbs & 0xFF);
    int next = (int) (rwbs >>> 8 & 0xFF);
    if (letter == 'F' && (next == 'W' || next == 'R')) {
      letter = next;
    }
    for (BlockOp op : ALL) {
      if (op.text.charAt(0) == letter) {
        return op;
      }
    }
    return OTHER;
  }
}
