package block.bio;

/** The {@code rwbs} field of block events: up to eight ASCII letters, the first in the low byte. */
final class Rwbs {
  private final long[] byFlags = new long[BioOp.values().length << ReqFlag.values().length];

  /** {@code blk_fill_rwbs} of a bio: one that only flushes is an empty write with PREFLUSH. */
  long of(Bio bio) {
    return bio.op() == BioOp.FLUSH
        ? of(BioOp.WRITE, bio.reqFlags() | ReqFlag.PREFLUSH.mask())
        : of(bio.op(), bio.reqFlags());
  }

  /** {@code blk_fill_rwbs} of a request; computed once for each combination. */
  long of(BioOp op, int reqFlags) {
    int key = op.ordinal() << ReqFlag.values().length | reqFlags;
    if (byFlags[key] == 0) {
      byFlags[key] = letters(op, reqFlags);
    }
    return byFlags[key];
  }

  private static long letters(BioOp op, int reqFlags) {
    StringBuilder text = new StringBuilder();
    if ((reqFlags & ReqFlag.PREFLUSH.mask()) != 0) {
      text.append('F');
    }
    text.append(op.letter());
    if ((reqFlags & ReqFlag.FUA.mask()) != 0) {
      text.append('F');
    }
    if ((reqFlags & ReqFlag.RAHEAD.mask()) != 0) {
      text.append('A');
    }
    if ((reqFlags & ReqFlag.SYNC.mask()) != 0) {
      text.append('S');
    }
    if ((reqFlags & ReqFlag.META.mask()) != 0) {
      text.append('M');
    }
    long packed = 0;
    for (int i = text.length() - 1; i >= 0; i--) {
      packed = packed << 8 | text.charAt(i);
    }
    return packed;
  }
}
