package mm.core;

import java.util.Arrays;
import sim.kernel.Exec;
import sim.kernel.check.Rule;

/**
 * Folios whose references are frozen, and who froze them. A look-up that meets one spins until it
 * is thawed, so whoever froze it may not be preempted or sleep, start I/O, or wait for an interrupt
 * elsewhere.
 */
final class FrozenFolios {
  /** A removal takes a few hundred nanoseconds. */
  private static final long FROZEN_NS_MAX = 1_000;

  private final PageCache cache;
  private int[] folios = new int[4];
  private Exec[] owners = new Exec[4];
  private long[] sinceNs = new long[4];
  private int count;

  FrozenFolios(PageCache cache) {
    this.cache = cache;
  }

  boolean begin(Exec x, int folio, int expected) {
    if (!cache.folios().freeze(folio, expected)) {
      return false;
    }
    if (count == folios.length) {
      folios = Arrays.copyOf(folios, 2 * count);
      owners = Arrays.copyOf(owners, 2 * count);
      sinceNs = Arrays.copyOf(sinceNs, 2 * count);
    }
    folios[count] = folio;
    owners[count] = x;
    sinceNs[count++] = x.nowNs();
    x.beginSpinLocked();
    return true;
  }

  void end(Exec x, int folio) {
    for (int i = count - 1; i >= 0; i--) {
      if (folios[i] == folio) {
        owners[i].endSpinLocked();
        long ns = x.nowNs() - sinceNs[i];
        count--;
        folios[i] = folios[count];
        owners[i] = owners[count];
        sinceNs[i] = sinceNs[count];
        owners[count] = null;
        if (ns > FROZEN_NS_MAX) {
          report(x, folio, "was frozen for " + ns + " ns");
        }
        return;
      }
    }
    throw cache.folios().bad(folio, "thawing", "it must be frozen");
  }

  void requireNone(Exec x, String what) {
    for (int i = 0; i < count; i++) {
      if (owners[i] == x) {
        report(x, folios[i], what + " while it was frozen");
        return;
      }
    }
  }

  private void report(Exec x, int folio, String what) {
    cache.machine().checker().report(Rule.DOMAIN, x, "folio " + folio + ": " + what);
  }
}
