package launcher.calibration.internal;

import java.util.HashMap;
import java.util.Map;
import launcher.trace.event.EventField;
import launcher.trace.event.EventHead;
import launcher.trace.event.EventKind;
import launcher.trace.event.KernelEvent;

/**
 * Writes, folio by folio: from the end of a DONTCACHE write to the next one's insertion of a folio,
 * and from there to its dirtying, which is the copy above all.
 */
final class CopyFold {
  /** Order of the least folio that tells a page's share apart from the rest. */
  private static final int LARGE_ORDER = 4;

  private record Added(long timeNs, int pid, int order) {}

  private record Written(long timeNs, int pid) {}

  /** By CPU: the insertion that was its last event. */
  private final Map<Integer, Added> addedOnCpu = new HashMap<>();

  /** By CPU: the write whose end was its last event. */
  private final Map<Integer, Written> writtenOnCpu = new HashMap<>();

  private final Samples pages = new Samples();
  private final Samples insertions = new Samples();
  private final Samples largeInsertions = new Samples();
  private long furtherPages;

  void event(EventHead head, KernelEvent event) {
    Added added = addedOnCpu.remove(head.cpu());
    Written written = writtenOnCpu.remove(head.cpu());
    if (event.kind() == EventKind.EXT4_WRITEPAGES_RESULT) {
      writtenOnCpu.put(head.cpu(), new Written(head.timeNs(), head.pid()));
    } else if (isInsertion(event)) {
      int order = (int) event.value(EventField.ORDER);
      addedOnCpu.put(head.cpu(), new Added(head.timeNs(), head.pid(), order));
      if (written != null && written.pid() == head.pid()) {
        insertion(head.timeNs() - written.timeNs(), order);
      }
    } else if (event.kind() == EventKind.WRITEBACK_DIRTY_FOLIO
        && added != null
        && added.pid() == head.pid()
        && added.order() >= LARGE_ORDER) {
      pages.add(head.timeNs() - added.timeNs() >> added.order());
    }
  }

  private static boolean isInsertion(KernelEvent event) {
    return event.kind() == EventKind.MM_FILEMAP_ADD_TO_PAGE_CACHE && event.has(EventField.ORDER);
  }

  private void insertion(long spanNs, int order) {
    if (order == 0) {
      insertions.add(spanNs);
    } else if (order >= LARGE_ORDER) {
      largeInsertions.add(spanNs);
      furtherPages += (1L << order) - 1;
    }
  }

  void block(EventHead head) {
    addedOnCpu.remove(head.cpu());
    writtenOnCpu.remove(head.cpu());
  }

  /** From a large folio's insertion to its dirtying, a page's share. */
  Samples pages() {
    return pages;
  }

  /** From the end of one write to the insertion of the next one's folio, of one page. */
  Samples insertions() {
    return insertions;
  }

  /** Likewise, of a large folio. */
  Samples largeInsertions() {
    return largeInsertions;
  }

  /** Pages of a large folio behind its first, on average. */
  double furtherPages() {
    return furtherPages / (double) largeInsertions.count();
  }
}
