package launcher.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.device.LatencyTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import launcher.trace.ReadProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces whose spans are known: an event costs 1 us, since no two are closer. */
class TraceCostsTest {
  private static final int TIMES = 600;

  @TempDir Path folder;

  private final StringBuilder trace = new StringBuilder("# tracer: nop\n#\n");
  private long us = 1_000_000;

  /** An event, some microseconds after the last. */
  private void event(int afterUs, int cpu, String task, int pid, String flags, String text) {
    us += afterUs;
    trace.append(
        String.format(
            Locale.ROOT,
            "%16s-%-7d [%03d] %s %6d.%06d: %s%n",
            task,
            pid,
            cpu,
            flags,
            us / 1_000_000,
            us % 1_000_000,
            text));
  }

  private void fio(int afterUs, String text) {
    event(afterUs, 0, "fio", 7, ".....", text);
  }

  private static String rq(String event, int sector) {
    String bytes = event.equals("block_rq_complete") ? "" : "4096 ";
    String end = event.equals("block_rq_complete") ? "[0]" : "[fio]";
    return "%s: 254,0 W %s() %d + 8 be,0,4 %s".formatted(event, bytes, sector, end);
  }

  private Calibration fit() throws IOException {
    Path file = folder.resolve("a.trace");
    Files.writeString(file, trace);
    Calibrator calibrator = new Calibrator(Optional.empty(), ReadProgress.NONE);
    calibrator.add(file);
    return calibrator.fit();
  }

  private static String value(Calibration calibration, String key) {
    return calibration.values().stream()
        .filter(value -> value.key().equals(key))
        .map(FittedValue::value)
        .findFirst()
        .orElse("none");
  }

  @Test
  void aSpanIsItsCodeAndItsEvents() throws IOException {
    for (int i = 0; i < TIMES; i++) {
      // Queue to issue: 2 + 1 + 3 us with one event inside and one end: 4 us of code.
      fio(9, "block_bio_queue: 254,0 W " + 8 * i + " + 8 [fio]");
      fio(3, "block_getrq: 254,0 W " + 8 * i + " + 8 [fio]");
      fio(3, rq("block_rq_issue", 8 * i));
      // Nothing is closer than this.
      fio(1, "page_cache_ra_unbounded: dev=254:0 ino=1 index=0 nr_to_read=1 lookahead_size=0");
      event(5, 0, "fio", 7, "..s1.", rq("block_rq_complete", 8 * i));
    }
    Calibration calibration = fit();
    assertTrue(calibration.notes().get(0).startsWith("an event costs at most 1.00 us"));
    assertEquals("4 us", value(calibration, "bio-submit"));
  }

  @Test
  void aFlushBeginsAtItsFoliosDirtying() throws IOException {
    for (int i = 0; i < TIMES; i++) {
      fio(9, "writeback_dirty_folio: bdi 7:0: ino=131 index=" + i);
      fio(9, "iomap_writeback_folio: dev 7:0 ino 0x83 size 0x8000 offset 0x0 length 0x1000");
      fio(3, "iomap_add_to_ioend: dev 7:0 ino 0x83 bdev 7:0 pos 0x0 dirty len 0x1000");
      // The next folio, 2 us of code: the first's dirtying to here has it once, and 6 us of its
      // own.
      fio(3, "iomap_writeback_folio: dev 7:0 ino 0x83 size 0x8000 offset 0x1000 length 0x1000");
      fio(1, "page_cache_ra_unbounded: dev=254:0 ino=1 index=0 nr_to_read=1 lookahead_size=0");
    }
    Calibration calibration = fit();
    assertEquals("2 us", value(calibration, "folio-writeback"));
    assertEquals("6 us", value(calibration, "writepages"));
  }

  @Test
  void anInterruptedSpanIsNone() throws IOException {
    for (int i = 0; i < TIMES; i++) {
      fio(9, "block_bio_queue: 254,0 W " + 8 * i + " + 8 [fio]");
      event(2, 0, "fio", 7, "d.h1.", "irq_handler_entry: irq=36 name=virtio1-req.0");
      fio(1, "block_getrq: 254,0 W " + 8 * i + " + 8 [fio]");
      fio(3, rq("block_rq_issue", 8 * i));
    }
    Calibration calibration = fit();
    assertEquals("none", value(calibration, "bio-submit"));
    assertTrue(
        calibration.refusals().stream()
            .anyMatch(
                line ->
                    line.equals(
                        "no block_bio_queue to block_rq_issue by the same task, so 'bio-submit' stays at"
                            + " 1 us")),
        calibration.refusals()::toString);
    assertEquals("0", value(calibration, "irq-cpu"));
  }

  @Test
  void anInterruptsEntryIsTheGapBeforeItBeyondTheUsual() throws IOException {
    for (int i = 0; i < 4 * TIMES; i++) {
      fio(2, "block_getrq: 254,0 W " + 8 * i + " + 8 [fio]");
      if (i % 16 == 0) {
        // The usual gap behind block_getrq is 2 us, of which 1 has passed on average: 8 are left.
        event(9, 0, "fio", 7, "d.h1.", "irq_handler_entry: irq=36 name=virtio1-req.0");
      }
    }
    assertEquals("8 us", value(fit(), "hardirq-entry"));
  }

  @Test
  void aKickIsWhatAnIssueToADeviceAtRestTakesLonger() throws IOException {
    for (int i = 0; i < TIMES; i++) {
      fio(9, rq("block_rq_issue", 16 * i));
      fio(14, rq("block_rq_issue", 16 * i + 8)); // the first was a kick
      fio(2, "block_unplug: [fio] 2");
      event(5, 1, "<idle>", 0, "..s1.", rq("block_rq_complete", 16 * i));
      event(1, 1, "<idle>", 0, "..s1.", rq("block_rq_complete", 16 * i + 8));
    }
    Calibration calibration = fit();
    assertEquals("12 us", value(calibration, "virtqueue-kick"));
    // Two at once: 21 us the first, 8 us the second, less 1.3 us of the machine's own.
    LatencyTable writes = calibration.device().orElseThrow().writes().orElseThrow();
    assertEquals(1, writes.rows().size());
    assertEquals(19_700, writes.latencyNs(4096, 2, 0.99));
  }

  @Test
  void aWakeUpOfACpuAtRestIsMeasuredFromTheWorksQueueing() throws IOException {
    for (int i = 0; i < TIMES; i++) {
      fio(
          9,
          "workqueue_queue_work: work struct=0000000012345678 function=f workqueue=w req_cpu=2 cpu=-1");
      event(
          33,
          1,
          "<idle>",
          0,
          "d..2.",
          "sched_switch: prev_comm=swapper/1 prev_pid=0 prev_prio=120 prev_state=R ==> next_comm=kworker/1:0 next_pid=9 next_prio=120");
      event(
          3,
          1,
          "kworker/1:0",
          9,
          ".....",
          "workqueue_execute_start: work struct 0000000012345678: function f");
      event(
          4,
          1,
          "kworker/1:0",
          9,
          ".....",
          "workqueue_execute_end: work struct 0000000012345678: function f");
      event(
          1,
          1,
          "kworker/1:0",
          9,
          "d..2.",
          "sched_switch: prev_comm=kworker/1:0 prev_pid=9 prev_prio=120 prev_state=I ==> next_comm=swapper/1 next_pid=0 next_prio=120");
    }
    // 36 us, of which 6 are worker-wakeup's.
    assertEquals("30 us", value(fit(), "idle-exit"));
  }

  @Test
  void anInsertionOnExt4FollowsTheEndOfAWrite() throws IOException {
    for (int i = 0; i < TIMES; i++) {
      ext4WriteEnds();
      boolean large = i % 2 == 0;
      // 5.46 us of system call, job, look-up and insertion and an event, and 31 us for 31 pages.
      inserted("254:0", large ? 37 : 6, large ? 5 : 0);
      dirtied("254:0", large ? 64 : 1);
      apart();
    }
    Calibration calibration = fit();
    assertEquals("1 us", value(calibration, "folio-add-page"));
    // 6 us less an event of 1, 0.15 + 0.25 + 0.06.
    assertEquals("4.54 us", value(calibration, "folio-add"));
  }

  @Test
  void aPageIsCopiedInWhatALargerFolioTakesLonger() throws IOException {
    for (int i = 0; i < TIMES; i++) {
      boolean large = i % 2 == 0;
      inserted("7:0", 9, large ? 4 : 2);
      // 1 us of an event, 2 of dirtying, 3 a page; every third had to wait for the host's memory.
      int us = large ? 51 : 15;
      dirtied("7:0", i % 3 == 0 ? us + 160 : us);
      apart();
    }
    Calibration calibration = fit();
    assertEquals("3 us", value(calibration, "page-copy"));
    assertEquals("2 us", value(calibration, "folio-dirty"));
  }

  @Test
  void ext4ReservesBlockByBlock() throws IOException {
    for (int i = 0; i < TIMES; i++) {
      boolean large = i % 2 == 0;
      inserted("7:0", 9, large ? 4 : 2);
      dirtied("7:0", large ? 51 : 15);
      inserted("254:0", 9, 4);
      // As above, and 0.5 us of mapping, and 16 times 3.008, of which 0.008 look at the buffers.
      dirtied("254:0", large ? 100 : 99);
      apart();
      ext4WriteEnds();
    }
    // (99.5 - 1 - 2 - 0.5) / 16 - 3 - 0.008.
    assertEquals("2.992 us", value(fit(), "block-reserve"));
  }

  @Test
  void aReadRemovesOnePageAfterTheOtherAndReclaimDoesNot() throws IOException {
    for (int i = 0; i < TIMES; i++) {
      // 1 us of an event, 0.15 + 0.25 + 0.06 + 0.4.
      removed(9, 8192L * i);
      removed(4, 8192L * i + 4096);
      apart();
    }
    for (int i = 0; i < 2 * TIMES; i++) {
      removed(9, 4096L * 7 * i);
    }
    assertEquals("2.14 us", value(fit(), "folio-drop"));
  }

  private void ext4WriteEnds() {
    fio(
        4,
        "ext4_writepages_result: dev 254,0 ino 1 ret 0 pages_written 32 pages_skipped 0 sync_mode 1 writeback_index 0");
  }

  private void inserted(String device, int afterUs, int order) {
    fio(
        afterUs,
        "mm_filemap_add_to_page_cache: dev " + device + " ino 1 pfn=0x1 ofs=0 order=" + order);
  }

  private void dirtied(String device, int afterUs) {
    fio(afterUs, "writeback_dirty_folio: bdi " + device + ": ino=1 index=0");
  }

  private void removed(int afterUs, long offset) {
    fio(
        afterUs,
        "mm_filemap_delete_from_page_cache: dev 254:0 ino 1 pfn=0x1 ofs=" + offset + " order=0");
  }

  /** The two closest events, which tell what an event costs. */
  private void apart() {
    fio(1, "page_cache_ra_unbounded: dev=254:0 ino=1 index=0 nr_to_read=1 lookahead_size=0");
  }
}
