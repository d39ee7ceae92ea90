package mm.core.reclaim;

import java.util.Arrays;

/**
 * What a group is charged for in advance, by CPU, and for the objects of the kernel that belong to
 * its folios. Models {@code memcg_stock_pcp}: {@code consume_stock}, {@code refill_stock} and
 * {@code drain_all_stock}, and {@code obj_cgroup_charge}.
 */
final class MemcgStock {
  /** {@code MEMCG_CHARGE_BATCH}: pages charged at a time, and kept by a CPU at most. */
  static final int BATCH_PAGES = 64;

  private final Memcg memcg;
  private final int[] byCpu;
  private long objectBytes;
  private long objectPages;

  MemcgStock(Memcg memcg, int cpus) {
    this.memcg = memcg;
    byCpu = new int[cpus];
  }

  /** Pages that lie in the stocks of all CPUs. */
  long pages() {
    long sum = 0;
    for (int pages : byCpu) {
      sum += pages;
    }
    return sum;
  }

  /** Pages charged for objects. */
  long objectPages() {
    return objectPages;
  }

  /**
   * Charges a group for pages, out of a CPU's stock or with as many more as make a batch, which
   * fill it. The part of {@code try_charge_memcg} before it reclaims.
   *
   * @param again whether the task has reclaimed for it: it asks for no batch then
   */
  boolean tryCharge(int cpu, int pages, boolean again) {
    if (consume(cpu, pages)) {
      return true;
    }
    if (!again && pages < BATCH_PAGES && memcg.tryCharge(BATCH_PAGES)) {
      refill(cpu, BATCH_PAGES - pages);
      return true;
    }
    return memcg.tryCharge(pages);
  }

  private boolean consume(int cpu, int pages) {
    if (pages > BATCH_PAGES || byCpu[cpu] < pages) {
      return false;
    }
    byCpu[cpu] -= pages;
    return true;
  }

  private void refill(int cpu, int pages) {
    byCpu[cpu] += pages;
    if (byCpu[cpu] > BATCH_PAGES) {
      memcg.uncharge(byCpu[cpu]);
      byCpu[cpu] = 0;
    }
  }

  /** {@code drain_all_stock}: at once, where the kernel has each CPU do it. */
  void drainAll() {
    memcg.uncharge(pages());
    Arrays.fill(byCpu, 0);
  }

  /**
   * Charges a group for objects. Those for which there is no page left are charged with the next
   * ones, where the kernel reclaims first.
   */
  void chargeObjects(int cpu, long bytes) {
    objectBytes += bytes;
    while (objectPages << MemorySettings.PAGE_SHIFT < objectBytes && tryCharge(cpu, 1, false)) {
      objectPages++;
    }
  }

  /** Objects were freed: pages without any are uncharged, where the kernel fills a stock. */
  void unchargeObjects(long bytes) {
    objectBytes -= bytes;
    while (objectPages - 1 << MemorySettings.PAGE_SHIFT > objectBytes) {
      objectPages--;
      memcg.uncharge(1);
    }
  }
}
