package launcher.trace.replay;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import launcher.trace.TraceVisitor;
import launcher.trace.UnreadableTraceException;
import launcher.trace.event.DeviceNumber;
import launcher.trace.event.EventField;
import launcher.trace.event.EventHead;
import launcher.trace.event.IoAction;
import launcher.trace.event.KernelEvent;

/**
 * Takes calls on files, from the most exact events that the trace has of each file: xfs_file_*
 * (whole calls), ext4's write_begin (a folio of a call), or the page cache's (a folio that became
 * dirty).
 */
final class FileTape implements TraceVisitor {
  private static final int PAGE_SHIFT = 12;

  /** How a file's calls are known, the better the later. */
  private enum Source {
    NONE,
    DIRTIED,
    BEGUN,
    CALLS
  }

  private static final class Inode {
    int target = -1;
    Source writes = Source.NONE;
    Source reads = Source.NONE;
    long addedOffset = -1;
    long addedBytes;
  }

  private final TapeBuilder tape;
  private final OptionalInt device;
  private final Map<Integer, Map<Long, Inode>> inodes = new TreeMap<>();
  private final Map<Integer, Long> operations = new TreeMap<>();
  private long filled;
  private long dirtied;
  private long begun;
  private long byWorkers;

  FileTape(TapeBuilder tape, OptionalInt device) {
    this.tape = tape;
    this.device = device;
  }

  @Override
  public void event(EventHead head, KernelEvent event) {
    int of = event.device();
    if (of == DeviceNumber.NONE || device.isPresent() && device.getAsInt() != of) {
      return;
    }
    switch (event.kind()) {
      case MM_FILEMAP_ADD_TO_PAGE_CACHE -> added(event);
      case MM_FILEMAP_GET_PAGES -> {
        long offset = event.value(EventField.OFFSET);
        long end = event.value(EventField.OFFSET_END);
        long bytes = end == KernelEvent.ABSENT ? 1 << PAGE_SHIFT : end - offset + 1;
        read(head, event, Source.BEGUN, offset, bytes);
      }
      case WRITEBACK_DIRTY_FOLIO -> dirty(head, event);
      case EXT4_WRITE_BEGIN, EXT4_DA_WRITE_BEGIN ->
          write(head, event, Source.BEGUN, EventField.POS);
      case XFS_FILE_BUFFERED_WRITE, XFS_FILE_DIRECT_WRITE ->
          write(head, event, Source.CALLS, EventField.POS);
      case XFS_FILE_BUFFERED_READ, XFS_FILE_DIRECT_READ ->
          read(
              head,
              event,
              Source.CALLS,
              event.value(EventField.POS),
              event.value(EventField.LENGTH));
      case EXT4_SYNC_FILE_ENTER -> {
        boolean data = event.value(EventField.DATASYNC) == 1;
        sync(head, event, data ? IoAction.DATASYNC : IoAction.SYNC);
      }
      case XFS_FILE_FSYNC -> sync(head, event, IoAction.SYNC);
      default -> {}
    }
  }

  private Inode inode(KernelEvent event) {
    return inodes
        .computeIfAbsent(event.device(), number -> new HashMap<>())
        .computeIfAbsent(event.value(EventField.INO), number -> new Inode());
  }

  private int target(KernelEvent event, Inode inode) {
    if (inode.target < 0) {
      String name = DeviceNumber.text(event.device()).replace(':', '-');
      inode.target = tape.target(name + "-ino-" + event.value(EventField.INO));
    }
    operations.merge(event.device(), 1L, Long::sum);
    return inode.target;
  }

  private void added(KernelEvent event) {
    Inode inode = inode(event);
    long order = event.value(EventField.ORDER);
    inode.addedOffset = event.value(EventField.OFFSET);
    inode.addedBytes = 1L << PAGE_SHIFT + (order == KernelEvent.ABSENT ? 0 : (int) order);
    filled++;
  }

  /** Written by a program if it was: a worker of the kernel dirties nothing on its own account. */
  private void dirty(EventHead head, KernelEvent event) {
    Inode inode = inode(event);
    if (inode.writes.compareTo(Source.DIRTIED) > 0) {
      return;
    }
    if (head.task().startsWith("kworker")) {
      byWorkers++;
      return;
    }
    inode.writes = Source.DIRTIED;
    long offset = event.value(EventField.INDEX) << PAGE_SHIFT;
    boolean fresh = inode.addedOffset == offset;
    long bytes = fresh ? inode.addedBytes : 1L << PAGE_SHIFT;
    filled -= fresh ? 1 : 0;
    inode.addedOffset = -1;
    dirtied++;
    tape.transfer(head.timeNs(), IoAction.WRITE, target(event, inode), offset, bytes);
  }

  private void write(EventHead head, KernelEvent event, Source source, EventField at) {
    Inode inode = inode(event);
    long offset = event.value(at);
    long length = event.value(EventField.LENGTH);
    if (inode.writes.compareTo(source) > 0 || offset < 0 || length <= 0) {
      return;
    }
    inode.writes = source;
    begun += source == Source.BEGUN ? 1 : 0;
    tape.transfer(head.timeNs(), IoAction.WRITE, target(event, inode), offset, length);
  }

  private void read(EventHead head, KernelEvent event, Source source, long offset, long length) {
    Inode inode = inode(event);
    if (inode.reads.compareTo(source) > 0 || offset < 0 || length <= 0) {
      return;
    }
    inode.reads = source;
    tape.transfer(head.timeNs(), IoAction.READ, target(event, inode), offset, length);
  }

  private void sync(EventHead head, KernelEvent event, IoAction action) {
    tape.sync(head.timeNs(), action, target(event, inode(event)));
  }

  void close(TapeRecorder.Refusal refused) throws UnreadableTraceException {
    if (device.isEmpty() && operations.size() > 1) {
      String there =
          operations.entrySet().stream()
              .map(entry -> DeviceNumber.text(entry.getKey()) + " has " + entry.getValue())
              .collect(Collectors.joining(", "));
      throw refused.because(
          "has calls on files of several devices; choose one by --device: " + there);
    }
    if (tape.count() == 0) {
      throw refused.because(
          "has no event that tells a call on a file"
              + (filled > 0
                  ? "; pages came into the page cache, but a read that finds its pages there"
                      + " leaves no event of these: record filemap:mm_filemap_get_pages, or play"
                      + " the block layer (--layer queued)"
                  : "; record xfs:xfs_file_*, ext4:ext4_da_write_begin, filemap:* or"
                      + " writeback:writeback_dirty_folio"));
    }
    note(
        dirtied,
        "writes are folios that became dirty: how many bytes of a folio, in how many calls, and"
            + " writes to folios that were dirty already are not told");
    note(begun, "writes are parts of calls, a folio each: where a call ends is not told");
    note(byWorkers, "folios were dirtied by workers of the kernel and are left out");
    note(
        filled,
        "folios were read in; reads that found their pages are not told, so none is played");
  }

  private void note(long count, String what) {
    if (count > 0) {
      tape.notes.add(count + " " + what);
    }
  }
}
