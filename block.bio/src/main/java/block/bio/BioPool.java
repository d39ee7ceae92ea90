package block.bio;

import java.util.Arrays;

/**
 * The bios of a run ({@code bio_alloc}, {@code bio_put}): freed bios are used again, so that a
 * steady state allocates nothing. Never empty: memory for bios is not modelled.
 */
public final class BioPool {
  /** Vectors of the sizes of bio that there are, as the kernel's {@code biovec} caches. */
  private static final int[] VECTORS = {4, 16, 64, 128, Bio.VECTORS_MAX};

  private final Bio[][] free = new Bio[VECTORS.length][16];
  private final int[] freeCounts = new int[VECTORS.length];
  private long ids;
  private long inUse;

  /** An empty pool. */
  public BioPool() {}

  /**
   * {@code bio_alloc}: a bio without device, range and memory.
   *
   * @param op what it will ask of the device
   * @param vectorsMax vectors it needs room for, 0 to 256; it may have room for more
   */
  public Bio alloc(BioOp op, int vectorsMax) {
    int size = sizeOf(vectorsMax);
    Bio bio = freeCounts[size] > 0 ? free[size][--freeCounts[size]] : new Bio(VECTORS[size]);
    bio.reset(++ids, op);
    bio.free = false;
    inUse++;
    return bio;
  }

  private static int sizeOf(int vectorsMax) {
    for (int size = 0; size < VECTORS.length; size++) {
      if (vectorsMax <= VECTORS[size]) {
        return size;
      }
    }
    throw new IllegalArgumentException(
        "bio: vectors are " + vectorsMax + "; it must be from 0 to " + Bio.VECTORS_MAX);
  }

  /** {@code bio_put}: gives a bio back that has ended, or was never submitted. */
  public void free(Bio bio) {
    if (bio.free || bio.custody != null) {
      throw new IllegalStateException(
          bio + (bio.free ? ": is freed twice" : ": is freed while its end is deferred"));
    }
    bio.free = true;
    inUse--;
    int size = sizeOf(bio.vectorsMax());
    if (freeCounts[size] == free[size].length) {
      free[size] = Arrays.copyOf(free[size], freeCounts[size] * 2);
    }
    free[size][freeCounts[size]++] = bio;
  }

  /** Bios that were allocated and not freed: 0 when nothing is in flight and nothing leaks. */
  public long inUse() {
    return inUse;
  }
}
