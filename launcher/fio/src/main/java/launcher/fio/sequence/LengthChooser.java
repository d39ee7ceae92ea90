package launcher.fio.sequence;

import java.util.Comparator;
import java.util.List;
import launcher.fio.job.BlockSizeRange;
import launcher.fio.job.BlockSizes;

/** Draws the length of the next I/O. */
final class LengthChooser {
  private final BlockSizeRange[] ranges;
  private final long[][] splitBytes = new long[3][];
  private final int[][] splitPercent = new int[3][];
  private final FioRandom[] randoms;
  private final boolean unaligned;
  private final boolean bySequentialOrRandom;

  LengthChooser(BlockSizes sizes, FioRandom read, FioRandom write, FioRandom trim) {
    ranges = new BlockSizeRange[] {sizes.read(), sizes.write(), sizes.trim()};
    randoms = new FioRandom[] {read, write, trim};
    unaligned = sizes.unaligned();
    bySequentialOrRandom = sizes.bySequentialOrRandom();
    for (int i = 0; i < ranges.length; i++) {
      // fio tries the rare lengths first.
      List<BlockSizeRange.Split> splits =
          ranges[i].splits().stream()
              .sorted(Comparator.comparingInt(BlockSizeRange.Split::percent))
              .toList();
      splitBytes[i] = splits.stream().mapToLong(BlockSizeRange.Split::sizeBytes).toArray();
      splitPercent[i] = splits.stream().mapToInt(BlockSizeRange.Split::percent).toArray();
    }
  }

  /** The length at an offset, which ends inside the region; 0 if not even the smallest does. */
  long next(Region region, int direction, long offset, boolean random) {
    int slot = direction;
    if (bySequentialOrRandom) {
      slot = random ? IoDirection.WRITE.ordinal() : IoDirection.READ.ordinal();
    }
    long min = ranges[slot].minBytes();
    long max = ranges[slot].maxBytes();
    if (min == max) {
      return min;
    }
    long room = region.end() - offset;
    if (min > room) {
      return 0;
    }
    long length;
    // The smallest length fits, and it is drawn sooner or later.
    do {
      length = align(draw(slot, min, max, room), min, max);
    } while (length > room);
    return length;
  }

  private long draw(int slot, long min, long max, long room) {
    FioRandom random = randoms[slot];
    if (splitBytes[slot].length == 0) {
      return min + (long) (max * random.nextFraction());
    }
    long word = random.next();
    long unit = Long.divideUnsigned(random.max(), 100);
    long percent = 0;
    long length = min;
    for (int i = 0; i < splitBytes[slot].length; i++) {
      if (splitPercent[slot][i] == 0) {
        continue;
      }
      length = splitBytes[slot][i];
      percent += splitPercent[slot][i];
      if (Long.compareUnsigned(share(word, percent), unit) <= 0 && length <= room) {
        break;
      }
    }
    return length;
  }

  /** Division without a sign; that of positive numbers is much the faster one. */
  private static long share(long word, long percent) {
    return word >= 0 ? word / percent : Long.divideUnsigned(word, percent);
  }

  private long align(long length, long min, long max) {
    return Math.min(unaligned ? length : length - length % min, max);
  }
}
