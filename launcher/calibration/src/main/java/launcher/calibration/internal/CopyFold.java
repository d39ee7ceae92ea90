package launcher.calibration.internal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import launcher.trace.event.EventField;
import launcher.trace.event.EventHead;
import launcher.trace.event.KernelEvent;

/**
 * Folio by folio: from the end of a DONTCACHE write to the next one's insertion of a folio, from
 * there to its dirtying, which is the copy above all, and what a DONTCACHE read takes to the next.
 */
final class CopyFold {
  /** Order of the least folio that tells a page's share apart from the rest. */
  private static final int LARGE_ORDER = 4;

  private static final long PAGE_BYTES = 4096;

  private record Added(long timeNs, int pid, int order, int device) {}

  private record Removed(long timeNs, int pid, int device, long ino, long nextByte) {}

  private record Written(long timeNs, int pid) {}

  /** By CPU: the insertion that was its last event. */
  private final Map<Integer, Added> addedOnCpu = new HashMap<>();

  /** By CPU: the write whose end was its last event. */
  private final Map<Integer, Written> writtenOnCpu = new HashMap<>();

  /** By CPU: the removal that was its last event. */
  private final Map<Integer, Removed> removedOnCpu = new HashMap<>();

  /** By device, in the trace that is read: spans from insertion to dirtying. */
  private final Map<Integer, CopySpans> byDevice = new HashMap<>();

  /** Devices, in the trace that is read, of an ext4. */
  private final Set<Integer> reserving = new HashSet<>();

  /** Of file systems that map a write as a whole, and of ext4, which does it block by block. */
  private final CopySpans whole = new CopySpans();

  private final CopySpans byBlock = new CopySpans();
  private final Samples removals = new Samples();
  private final Samples insertions = new Samples();
  private final Samples largeInsertions = new Samples();
  private long furtherPages;

  void event(EventHead head, KernelEvent event) {
    Added added = addedOnCpu.remove(head.cpu());
    Written written = writtenOnCpu.remove(head.cpu());
    Removed removed = removedOnCpu.remove(head.cpu());
    switch (event.kind()) {
      case EXT4_WRITEPAGES -> reserving.add(event.device());
      case EXT4_WRITEPAGES_RESULT -> {
        reserving.add(event.device());
        writtenOnCpu.put(head.cpu(), new Written(head.timeNs(), head.pid()));
      }
      case MM_FILEMAP_ADD_TO_PAGE_CACHE -> inserted(head, event, written);
      case MM_FILEMAP_DELETE_FROM_PAGE_CACHE -> removed(head, event, removed);
      case WRITEBACK_DIRTY_FOLIO -> {
        if (added != null && added.pid() == head.pid()) {
          byDevice
              .computeIfAbsent(added.device(), key -> new CopySpans())
              .add(added.order(), head.timeNs() - added.timeNs());
        }
      }
      default -> {}
    }
  }

  private void inserted(EventHead head, KernelEvent event, Written written) {
    if (!event.has(EventField.ORDER)) {
      return;
    }
    int order = (int) event.value(EventField.ORDER);
    addedOnCpu.put(head.cpu(), new Added(head.timeNs(), head.pid(), order, event.device()));
    if (written != null && written.pid() == head.pid()) {
      insertion(head.timeNs() - written.timeNs(), order);
    }
  }

  /** Reclaim takes folios as they lie on its list, and a read one page after the other. */
  private void removed(EventHead head, KernelEvent event, Removed before) {
    if (!event.has(EventField.ORDER) || event.value(EventField.ORDER) != 0) {
      return;
    }
    long offset = event.value(EventField.OFFSET);
    long ino = event.value(EventField.INO);
    if (before != null
        && before.pid() == head.pid()
        && before.device() == event.device()
        && before.ino() == ino
        && before.nextByte() == offset) {
      removals.add(head.timeNs() - before.timeNs());
    }
    removedOnCpu.put(
        head.cpu(),
        new Removed(head.timeNs(), head.pid(), event.device(), ino, offset + PAGE_BYTES));
  }

  void endOfFile() {
    byDevice.forEach(
        (device, spans) -> (reserving.contains(device) ? byBlock : whole).addAll(spans));
    byDevice.clear();
    reserving.clear();
    addedOnCpu.clear();
    writtenOnCpu.clear();
    removedOnCpu.clear();
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
    removedOnCpu.remove(head.cpu());
  }

  /** From insertion to dirtying, of a file system that maps a write as a whole. */
  CopySpans whole() {
    return whole;
  }

  /** Likewise, of ext4. */
  CopySpans byBlock() {
    return byBlock;
  }

  /** From one removal of a page to the next page's, by the same task. */
  Samples removals() {
    return removals;
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
