package mm.core;

/**
 * Up to 31 folios that are handled together. Models {@code struct folio_batch}.
 *
 * <p>A batch holds no references by itself: whoever fills it takes them and whoever empties it
 * drops them.
 */
public final class FolioBatch {
  /** {@code PAGEVEC_SIZE}: with count and flag the kernel's batch fills 256 bytes. */
  public static final int CAPACITY = 31;

  private final int[] folios = new int[CAPACITY];
  private int count;
  private boolean percpuDrained;

  /**
   * Appends a folio.
   *
   * @return the room left; 0 means that the batch has just become full
   * @throws IllegalStateException if there was no room
   */
  public int add(int folio) {
    if (count == CAPACITY) {
      throw new IllegalStateException(
          "folio batch: add of folio " + folio + ": the batch holds 31; empty it first");
    }
    folios[count++] = folio;
    return CAPACITY - count;
  }

  /** The folio at {@code slot}, from 0 to {@link #count} - 1. */
  public int get(int slot) {
    if (slot < 0 || slot >= count) {
      throw new IndexOutOfBoundsException(
          "folio batch: slot is " + slot + "; it must be from 0 to " + (count - 1));
    }
    return folios[slot];
  }

  /** Takes the last folio out, which there is. */
  public int removeLast() {
    int last = get(count - 1);
    count--;
    return last;
  }

  /** How many folios are in it. */
  public int count() {
    return count;
  }

  /** How many more it takes. */
  public int space() {
    return CAPACITY - count;
  }

  /** Forgets the folios, but not {@link #percpuDrained}. Models {@code folio_batch_reinit}. */
  public void reinit() {
    count = 0;
  }

  /** Whether the per-CPU batches were drained on behalf of this one; false at first. */
  public boolean percpuDrained() {
    return percpuDrained;
  }

  /** Records that the per-CPU batches were drained, which {@code folio_batch_release} does once. */
  public void setPercpuDrained() {
    percpuDrained = true;
  }
}
