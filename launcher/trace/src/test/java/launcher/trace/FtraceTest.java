package launcher.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each line of ftrace's text says. */
class FtraceTest {
  @TempDir Path folder;

  private TraceReading reading;

  private List<String> read(String... lines) throws IOException {
    Path file = folder.resolve("trace");
    Files.write(file, List.of(lines), StandardCharsets.UTF_8);
    Recorded recorded = new Recorded();
    reading = TraceReader.of(file).as(TraceFormat.FTRACE).read(recorded);
    return recorded.lines();
  }

  private void assertReads(String line, String expected) throws IOException {
    assertEquals(List.of(expected), read(line));
    assertEquals(0, reading.broken(), () -> reading.problems().toString());
  }

  @Test
  void aTaskNameMayHoldSpacesDashesAndBrackets() throws IOException {
    assertReads(
        "  Web-Content [x] 1-5-151   [003] d.h1.  3488.629286: block_plug: [Web [x] 1]",
        "3488629286000 cpu3 Web-Content [x] 1-5-151 HARDIRQ off PLUG - N 0+0 bytes=0 [Web [x] 1]");
    assertReads(
        "          <idle>-0       [001] ..s1.     8.000001: block_plug: [swapper/1]",
        "8000001000 cpu1 <idle>-0 SOFTIRQ PLUG - N 0+0 bytes=0 [swapper/1]");
  }

  @Test
  void aProcessInParenthesesMayStandBeforeTheCpu() throws IOException {
    assertReads(
        "             fio-151   (    149) [000] .....     1.000000: block_unplug: [fio] 3",
        "1000000000 cpu0 fio-151/149 TASK UNPLUG - N 0+0 bytes=0 unplugged=3 [fio]");
    assertReads(
        "             fio-151   (-------) [000] .....     1.000000: block_unplug: [fio] 3",
        "1000000000 cpu0 fio-151 TASK UNPLUG - N 0+0 bytes=0 unplugged=3 [fio]");
  }

  @Test
  void flagsAreFiveFourOrNone() throws IOException {
    assertReads(
        "  fio-1 [000] d.s2  1.000000: block_plug: [fio]",
        "1000000000 cpu0 fio-1 SOFTIRQ off PLUG - N 0+0 bytes=0 [fio]");
    assertReads(
        "  fio-1     [000]  1.000000: block_plug: [fio]",
        "1000000000 cpu0 fio-1 UNKNOWN PLUG - N 0+0 bytes=0 [fio]");
  }

  @Test
  void traceCmdMayPrintNanoseconds() throws IOException {
    assertReads(
        "  fio-1 [000] d..2.  1.000000009: sched_switch:         fio:1 [120] D ==> a b:c:7 [98]",
        "1000000009 cpu0 fio-1 TASK off SCHED_SWITCH prev_comm=fio prev_pid=1 prev_prio=120"
            + " prev_state=D next_comm=a b:c next_pid=7 next_prio=98");
    assertReads(
        "  fio-1 [000] 1.000000009: sched_wakeup: kworker/0:1H:44 [100] success=1 CPU:001",
        "1000000009 cpu0 fio-1 UNKNOWN SCHED_WAKEUP cpu=1 comm=kworker/0:1H pid=44 prio=100");
  }

  @Test
  void aRequestHasAPriorityOrNone() throws IOException {
    assertReads(
        "  fio-1 [000] .....  1.0: block_rq_issue: 8,0 WS 4096 () 1234 + 8 be,0,4 [a b]",
        "1000000000 cpu0 fio-1 TASK RQ_ISSUE 8:0 WS 1234+8 bytes=4096 [a b]");
    assertReads(
        "  fio-1 [000] ....  1.0: block_rq_issue: 8,0 N 36 (12 00 00 00 24 00) 0 + 0 [fio]",
        "1000000000 cpu0 fio-1 TASK RQ_ISSUE 8:0 N 0+0 bytes=36 [fio]");
    assertReads(
        "  fio-1 [000] ..s1.  1.0: block_rq_complete: 8,0 FF () 18446744073709551615 + 0 be,0,4 [-5]",
        "1000000000 cpu0 fio-1 SOFTIRQ RQ_COMPLETE 8:0 FF -1+0 bytes=0 error=-5 []");
  }

  @Test
  void biosAreQueuedRemappedAndSplit() throws IOException {
    assertReads(
        "  fio-1 [000] .....  1.0: block_bio_queue: 254,0 WFSM 90734592 + 16384 [fio]",
        "1000000000 cpu0 fio-1 TASK BIO_QUEUE 254:0 WFSM 90734592+16384 bytes=8388608 [fio]");
    assertReads(
        "  fio-1 [000] .....  1.0: block_bio_remap: 8,0 W 1234 + 8 <- (8,1) 200",
        "1000000000 cpu0 fio-1 TASK BIO_REMAP 8:0 W 1234+8 bytes=4096 from=8:1 at=200 []");
    assertReads(
        "  fio-1 [000] .....  1.0: block_split: 8,0 W 1234 / 1300 [fio]",
        "1000000000 cpu0 fio-1 TASK SPLIT 8:0 W 1234+0 bytes=0 at=1300 [fio]");
    assertReads(
        "  fio-1 [000] .....  1.0: block_dirty_buffer: 8,0 sector=1234 size=4096",
        "1000000000 cpu0 fio-1 TASK DIRTY_BUFFER 8:0 N 1234+8 bytes=4096 []");
  }

  @Test
  void thePageCacheCountsInHex() throws IOException {
    assertReads(
        "  fio-1 [000] .....  1.0: mm_filemap_add_to_page_cache: dev 8:32 ino 44 pfn=0x23a8c"
            + " ofs=16384 order=2",
        "1000000000 cpu0 fio-1 TASK MM_FILEMAP_ADD_TO_PAGE_CACHE device=8:32 ino=68 pfn=146060"
            + " offset=16384 order=2");
    assertReads(
        "  fio-1 [000] ....  1.0: mm_filemap_delete_from_page_cache: dev 8:32 ino 44"
            + " page=ffffea0000a3f8c0 pfn=145896 ofs=0",
        "1000000000 cpu0 fio-1 TASK MM_FILEMAP_DELETE_FROM_PAGE_CACHE device=8:32 ino=68"
            + " pfn=145896 offset=0");
    assertReads(
        "  fio-1 [000] .....  1.0: mm_filemap_get_pages: dev=8:32 ino=44 ofs=0-16383",
        "1000000000 cpu0 fio-1 TASK MM_FILEMAP_GET_PAGES device=8:32 ino=68 offset=0"
            + " offset_end=16383");
  }

  @Test
  void writebackIsToldForAnyKernel() throws IOException {
    assertReads(
        "  k-1 [000] .....  1.0: writeback_start: bdi 8:0: sb_dev 0:0 nr_pages=-1 sync_mode=0"
            + " kupdate=1 range_cyclic=1 background=0 reason=periodic cgroup_ino=1",
        "1000000000 cpu0 k-1 TASK WRITEBACK_START device=8:0 bdi=8:0 nr_pages=-1 sync_mode=0"
            + " kupdate=1 range_cyclic=1 background=0 reason=periodic cgroup_ino=1");
    assertReads(
        "  k-1 [000] .....  1.0: writeback_exec: bdi btrfs-1: sb_dev 0:0"
            + " nr_pages=9223372036854775807 reason=pageout cgroup=/a/b",
        "1000000000 cpu0 k-1 TASK WRITEBACK_EXEC bdi=btrfs-1 nr_pages=9223372036854775807"
            + " reason=pageout");
    assertReads(
        "  k-1 [000] .....  1.0: writeback_dirty_page: bdi 8:0: ino=13 index=9",
        "1000000000 cpu0 k-1 TASK WRITEBACK_DIRTY_FOLIO device=8:0 bdi=8:0 ino=13 index=9");
    assertReads(
        "  k-1 [000] .....  1.0: writeback_pages_written: 1234",
        "1000000000 cpu0 k-1 TASK WRITEBACK_PAGES_WRITTEN nr_pages=1234");
    assertReads(
        "  k-1 [000] .....  1.0: balance_dirty_pages: bdi 7:0: limit=16384 setpoint=14336"
            + " dirty=12403 bdi_setpoint=434 bdi_dirty=11856 dirty_ratelimit=87684"
            + " task_ratelimit=40244 dirtied=64 dirtied_pause=64 paused=0 pause=8 period=4 think=-4",
        "1000000000 cpu0 k-1 TASK BALANCE_DIRTY_PAGES device=7:0 bdi=7:0 limit=16384"
            + " setpoint=14336 dirty=12403 wb_setpoint=434 wb_dirty=11856 dirty_ratelimit=87684"
            + " task_ratelimit=40244 dirtied=64 dirtied_pause=64 paused=0 pause=8 period=4"
            + " think=-4");
  }

  @Test
  void workItemsInterruptsAndSwitchesHaveTheirFields() throws IOException {
    assertReads(
        "  k-1 [000] d.s1.  1.0: workqueue_queue_work: work struct=0000000045c747de"
            + " function=wb_update_bandwidth_workfn workqueue=writeback req_cpu=256 cpu=-1",
        "1000000000 cpu0 k-1 SOFTIRQ off WORKQUEUE_QUEUE_WORK work=1170687966"
            + " function=wb_update_bandwidth_workfn workqueue=writeback req_cpu=256 cpu=-1");
    assertReads(
        "  k-1 [000] .....  1.0: workqueue_execute_start: work struct 45c747de: function xfs_end_io",
        "1000000000 cpu0 k-1 TASK WORKQUEUE_EXECUTE_START work=1170687966 function=xfs_end_io");
    assertReads(
        "  k-1 [000] d.h..  1.0: irq_handler_entry: irq=36 name=virtio1-req.0 x",
        "1000000000 cpu0 k-1 HARDIRQ off IRQ_HANDLER_ENTRY irq=36 name=virtio1-req.0 x");
    assertReads(
        "  k-1 [000] ..s..  1.0: softirq_exit: vec=4 [action=BLOCK]",
        "1000000000 cpu0 k-1 SOFTIRQ SOFTIRQ_EXIT vec=4 action=BLOCK");
    assertReads(
        "  k-1 [000] d..2.  1.0: sched_switch: prev_comm=Web Content prev_pid=101 prev_prio=120"
            + " prev_state=R+ ==> next_comm=a=b next_pid=102 next_prio=0",
        "1000000000 cpu0 k-1 TASK off SCHED_SWITCH prev_comm=Web Content prev_pid=101"
            + " prev_prio=120 prev_state=R+ next_comm=a=b next_pid=102 next_prio=0");
    assertReads(
        "  k-1 [000] d..2.  1.0: tlb_flush: pages:1 reason:local MM shootdown (3)",
        "1000000000 cpu0 k-1 TASK off TLB_FLUSH reason=local MM shootdown (3) pages=1");
  }

  @Test
  void fileSystemsHaveTheirFields() throws IOException {
    assertReads(
        "  k-1 [000] .....  1.0: iomap_add_to_ioend: dev 7:0 ino 0x83 bdev 7:0 pos 0x1c000 dirty len"
            + " 0x4000 addr 0x18000 offset 0x0 length 0x8000000 type UNWRITTEN (0x3) flags  (0x0)",
        "1000000000 cpu0 k-1 TASK IOMAP_ADD_TO_IOEND device=7:0 ino=131 offset=0 length=16384"
            + " map_length=134217728 pos=114688 addr=98304 type=UNWRITTEN");
    assertReads(
        "  k-1 [000] .....  1.0: erofs_map_blocks_exit: dev = (7,4), nid = 8173952, flags READMORE"
            + " la 260803 pa 258048 llen 1341 plen 4096 mflags ME ret 0",
        "1000000000 cpu0 k-1 TASK EROFS_MAP_BLOCKS_EXIT device=7:4 ino=8173952 flags=READMORE"
            + " logical=260803 physical=258048 logical_length=1341 physical_length=4096 result=0");
    assertReads(
        "  k-1 [000] .....  1.0: ext4_writepages: dev 254,0 ino 2163017 nr_to_write"
            + " 9223372036854775807 pages_skipped 0 range_start 0 range_end 131071 sync_mode 1",
        "1000000000 cpu0 k-1 TASK EXT4_WRITEPAGES device=254:0 ino=2163017"
            + " nr_to_write=9223372036854775807 pages_skipped=0 range_start=0 range_end=131071"
            + " sync_mode=1");
    assertReads(
        "  k-1 [000] .....  1.0: page_cache_sync_ra: dev=7:4 ino=7cb980 index=0 req_count=32"
            + " order=0 size=0 async_size=0 ra_pages=640 mmap_miss=0 prev_pos=-1",
        "1000000000 cpu0 k-1 TASK PAGE_CACHE_SYNC_RA device=7:4 ino=8173952 index=0 order=0"
            + " req_count=32 ra_size=0 async_size=0 ra_pages=640 prev_pos=-1");
  }

  @Test
  void aNumberHasAtMostTwentyDigits() throws IOException {
    String event = "  k-1 [000] .....  1.0: writeback_pages_written: ";
    // 2^64 - 1 is what the kernel prints for -1.
    assertReads(
        event + "18446744073709551615",
        "1000000000 cpu0 k-1 TASK WRITEBACK_PAGES_WRITTEN nr_pages=-1");
    read(event + "1", event + "184467440737095516150");
    assertEquals(1, reading.broken());
  }

  @Test
  void anUnknownEventKeepsItsText() throws IOException {
    assertReads(
        "  k-1 [000] .....  1.0: xfs_ail_push: dev 7:0 lip 0x1",
        "1000000000 cpu0 k-1 TASK OTHER xfs_ail_push: dev 7:0 lip 0x1");
  }

  @Test
  void lostEventsAreCountedWhereverTheyAreTold() throws IOException {
    List<String> lines =
        read(
            "# entries-in-buffer/entries-written: 10/110   #P:2",
            "CPU:3 [LOST 1234 EVENTS]",
            "CPU:0 [7 EVENTS DROPPED]",
            "CPU:1 [LOST EVENTS]",
            "##### CPU 3 buffer started ####",
            "  k-1 [000] .....  1.0: block_plug: [k]");
    assertEquals(
        List.of("lost cpu-1 100", "lost cpu3 1234", "lost cpu0 7", "lost cpu1 0"),
        lines.subList(0, 4));
    assertEquals(1341, reading.lostEvents());
    assertEquals(5, reading.otherLines());
    assertEquals(0, reading.broken());
  }

  @Test
  void aCounterClockHasNoUnit() throws IOException {
    assertReads(
        "  k-1 [000] .....  12345: block_plug: [k]",
        "12345 cpu0 k-1 TASK PLUG - N 0+0 bytes=0 [k]");
  }

  @Test
  void aBrokenLineIsToldWithItsNumberAndTheFieldThatIsMissing() throws IOException {
    read(
        "  k-1 [000] .....  1.0: block_plug: [k]",
        "  k-1 [000] .....  1.0: writeback_dirty_folio: bdi 8:0: ino=13 ind",
        "  k-1 [000] .....  1.0: writeback_dirty_folio: bdi 8:0: ino=13x index=1",
        "  k-1 [000] .....  1.0: block_rq_issue: 8,0 Q 4096 () 1 + 8 [k]",
        "  k-1 [000] .....  one",
        "nothing");
    assertEquals(1, reading.records());
    assertEquals(5, reading.broken());
    assertEquals(
        List.of(
            "2: writeback_dirty_folio: no index",
            "3: writeback_dirty_folio: no ino",
            "4: block_rq_issue: its operation is none of the block layer's",
            "5: no time after the CPU",
            "6: no task, pid and [CPU] before the time"),
        reading.problems().stream().map(p -> p.line() + ": " + p.reason()).toList());
    assertTrue(reading.problems().get(4).text().equals("nothing"));
  }
}
