package mm.core.testing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import mm.core.AddressSpace;
import mm.core.PageCache;
import mm.core.spi.mapping.AddressSpaceOperations;
import mm.core.spi.mapping.ReadaheadControl;
import mm.core.spi.mapping.WritebackControl;
import mm.core.writeback.FolioWriteback;
import sim.kernel.Exec;
import sim.kernel.Step;

/** Files that need no blocks, and log what is written of them instead of doing I/O. */
public final class LoggedFile implements AddressSpaceOperations {
  private final PageCache cache;
  private final List<String> submitted = new ArrayList<>();
  private final ArrayDeque<Integer> underWriteback = new ArrayDeque<>();

  /** What {@link #releaseFolio} does. */
  @FunctionalInterface
  public interface Release {
    /** Whether the private state is gone. */
    boolean release(Exec x, int folio);
  }

  private Release release = (x, folio) -> true;

  /** From now on private state is released so. */
  public void onRelease(Release action) {
    release = action;
  }

  LoggedFile(PageCache cache) {
    this.cache = cache;
  }

  List<String> submitted() {
    return List.copyOf(submitted);
  }

  /** Ends the writeback of so many folios, oldest first, a folio a step. */
  void end(Exec x, int count) {
    Integer folio = count == 0 ? null : underWriteback.pollFirst();
    if (folio != null) {
      x.then(y -> end(y, count - 1));
      cache.endWriteback(x, folio);
    }
  }

  @Override
  public void writepages(Exec x, AddressSpace mapping, WritebackControl wbc) {
    new Pass(mapping).begin(x, wbc);
  }

  /** One call of writepages. */
  private final class Pass {
    private final AddressSpace mapping;
    private final FolioWriteback walk = new FolioWriteback(cache);
    private final Step found = this::found;
    private long first = -1;
    private long last;

    Pass(AddressSpace mapping) {
      this.mapping = mapping;
    }

    void begin(Exec x, WritebackControl wbc) {
      walk.begin(mapping, wbc);
      x.then(found);
      walk.next(x);
    }

    private void found(Exec x) {
      int folio = (int) x.result();
      if (folio == 0) {
        if (first >= 0) {
          String by = x.task().name().replaceFirst("^kworker/.*", "kworker");
          submitted.add(
              mapping.hostInode() + ": " + first + "-" + last + " by " + by + "@" + x.nowNs());
        }
        return;
      }
      last = cache.folios().index(folio);
      first = first < 0 ? last : first;
      cache.startWriteback(x, folio);
      underWriteback.addLast(folio);
      cache.unlock(x, folio);
      x.then(found);
      walk.next(x);
    }
  }

  @Override
  public void readahead(Exec x, AddressSpace mapping, ReadaheadControl rac) {
    for (int folio = rac.nextFolio(); folio != 0; folio = rac.nextFolio()) {
      cache.endRead(x, folio, true);
    }
  }

  @Override
  public void writeBegin(Exec x, AddressSpace mapping, int folio, long pos, int lengthBytes) {
    x.setResult(0);
  }

  @Override
  public boolean supportsNowaitWrites() {
    return true;
  }

  @Override
  public void writeEnd(Exec x, AddressSpace mapping, int folio, long pos, int copiedBytes) {
    cache.markUptodate(folio);
    cache.markDirty(x, folio);
    mapping.extendTo(pos + copiedBytes);
  }

  @Override
  public void fsync(Exec x, AddressSpace mapping, boolean dataOnly) {
    x.setResult(0);
  }

  @Override
  public boolean releaseFolio(Exec x, int folio) {
    return release.release(x, folio);
  }

  @Override
  public boolean supportsDontcache() {
    return true;
  }
}
