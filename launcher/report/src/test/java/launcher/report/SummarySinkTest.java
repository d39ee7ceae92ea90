package launcher.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sim.kernel.trace.Trace;
import sim.kernel.trace.Tracepoint;

class SummarySinkTest {
  private static final long MS = 1_000_000;
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int FSYNC = 3;

  private final Trace trace = new Trace();
  private final SummarySink sink = new SummarySink();
  private int writer;
  private int reader;

  @BeforeEach
  void begin() {
    trace.addSink(sink);
    writer = trace.name("writer");
    reader = trace.name("reader");
  }

  private void submit(long timeNs, int job, long io, int direction, long bytes, long startNs) {
    trace.emit(timeNs, 0, Tracepoint.IO_SUBMIT, job, io, direction, 0, bytes, startNs);
  }

  private void complete(long timeNs, int job, long io, int direction, long bytes, long error) {
    trace.emit(timeNs, 0, Tracepoint.IO_COMPLETE, job, io, direction, bytes, error);
  }

  private JobSummary job(String name) {
    return sink.summary().jobs().stream().filter(j -> j.name().equals(name)).findFirst().get();
  }

  @Test
  void slatEndsWhereClatBeginsAndLatIsBoth() {
    submit(30, writer, 1, WRITE, 4096, 10);
    complete(130, writer, 1, WRITE, 4096, 0);
    DirectionSummary write = job("writer").write();
    assertEquals(20, write.slat().maxNs()); // 30 - 10
    assertEquals(100, write.clat().maxNs()); // 130 - 30
    assertEquals(120, write.lat().maxNs()); // 130 - 10
  }

  @Test
  void pausesAreMillisecondsInTheTrace() {
    trace.emit(5, 0, Tracepoint.BALANCE_DIRTY_PAGES, 1000, 900, 32, 12, 100);
    trace.emit(9, 0, Tracepoint.BALANCE_DIRTY_PAGES, 1000, 900, 32, 0, 100); // No pause.
    trace.emit(9, 0, Tracepoint.BALANCE_DIRTY_PAGES, 1000, 900, 32, 200, 100);
    assertEquals(2, sink.summary().cache().throttles());
    assertEquals(212 * MS, sink.summary().cache().throttledNs());
  }

  @Test
  void iosThatOverlapAreToldApartByTheirNumbers() {
    submit(0, writer, 7, WRITE, 4096, 0);
    submit(5, reader, 8, READ, 4096, 5);
    submit(6, writer, 9, WRITE, 4096, 6);
    complete(10, writer, 9, WRITE, 4096, 0); // took 4
    complete(25, reader, 8, READ, 4096, 0); // took 20
    complete(100, writer, 7, WRITE, 4096, 0); // took 100
    Latency write = job("writer").write().clat();
    assertEquals(List.of(2L, 4L, 100L), List.of(write.count(), write.minNs(), write.maxNs()));
    assertEquals(52.0, write.meanNs()); // (4 + 100) / 2
    assertEquals(20, job("reader").read().clat().maxNs());
    assertEquals(0, job("writer").open());
  }

  @Test
  void percentilesLieWithinOneThousandthOfTheRank() {
    for (int i = 1; i <= 1000; i++) {
      submit(0, writer, i, WRITE, 1, 0);
    }
    for (int i = 1; i <= 1000; i++) {
      complete(i * MS, writer, i, WRITE, 1, 0);
    }
    Latency clat = job("writer").write().clat();
    assertEquals(500 * MS, clat.p50Ns(), 0.5 * MS); // the 500th of 1000
    assertEquals(990 * MS, clat.p99Ns(), MS);
    assertEquals(999 * MS, clat.p999Ns(), MS);
    assertEquals(1000 * MS, clat.maxNs());
  }

  @Test
  void throughputCountsFromTheFirstBeginToTheLastEndOfDataIo() {
    submit(2_000 * MS, writer, 1, WRITE, 3 << 20, 2_000 * MS);
    complete(2_500 * MS, writer, 1, WRITE, 3 << 20, 0);
    submit(2_500 * MS, writer, 2, FSYNC, 0, 2_500 * MS);
    complete(4_000 * MS, writer, 2, FSYNC, 0, 0);
    assertEquals(6.0 * (1 << 20), job("writer").bytesPerSecond()); // 3 MiB in 0.5 s
    assertEquals(1, job("writer").sync().ios());
    assertEquals(1_500 * MS, job("writer").sync().lat().maxNs());
  }

  @Test
  void aFailedIoHasNeitherBytesNorCompletionLatency() {
    submit(0, writer, 1, WRITE, 4096, 0);
    complete(50, writer, 1, WRITE, 4096, 5);
    DirectionSummary write = job("writer").write();
    assertEquals(List.of(1L, 0L, 1L), List.of(write.ios(), write.bytes(), write.errors()));
    assertEquals(0, write.clat().count());
  }

  @Test
  void theStallOfAnAsynchronousWriteIsItsSubmission() {
    submit(0, writer, 1, WRITE, 1, 0); // synchronous: no slat, the call is the I/O
    complete(40, writer, 1, WRITE, 1, 0);
    submit(107, writer, 2, WRITE, 1, 100); // asynchronous: 7 ns in the submitting call
    complete(900, writer, 2, WRITE, 1, 0);
    Latency stall = job("writer").writeStall();
    assertEquals(List.of(7L, 40L), List.of(stall.minNs(), stall.maxNs()));
  }

  @Test
  void shootDownsAreTheFlushesThatInterruptOthers() {
    trace.emit(0, 0, Tracepoint.TLB_FLUSH, 4, 31, 3); // 31 pages, by an IPI to each of three CPUs
    trace.emit(1, 0, Tracepoint.TLB_FLUSH, 2, 1, 0);
    trace.emit(2, 0, Tracepoint.TLB_FLUSH, 4, 1, 1);
    CpuSummary cpu = sink.summary().cpu();
    assertEquals(
        List.of(3L, 2L, 4L), List.of(cpu.tlbFlushes(), cpu.tlbShootdowns(), cpu.tlbIpis()));
  }

  @Test
  void leftCachedPagesAreCountedByReason() {
    trace.emit(0, 0, Tracepoint.FOLIO_DROP, 31);
    trace.emit(1, 0, Tracepoint.FOLIO_KEEP, 4, 1);
    trace.emit(2, 0, Tracepoint.FOLIO_KEEP, 2, 1);
    trace.emit(3, 0, Tracepoint.FOLIO_KEEP, 1, 6);
    // Taken over by a dropbehind policy, which drops them or leaves them later.
    trace.emit(4, 0, Tracepoint.FOLIO_KEEP, 16, 7);
    CacheSummary cache = sink.summary().cache();
    assertEquals(31, cache.droppedPages());
    assertEquals(7, cache.leftCachedPages());
    assertEquals(Map.of("not-task", 6L, "busy", 1L), cache.leftCachedByReason());
  }

  @Test
  void peaksAreOfAnyMomentAndEndsOfTheLast() {
    trace.emit(0, 0, Tracepoint.CACHE_LEVEL, 100, 90, 0);
    trace.emit(1, 0, Tracepoint.CACHE_LEVEL, 120, 10, 80);
    trace.emit(2, 0, Tracepoint.CACHE_LEVEL, 20, 5, 0);
    CacheSummary cache = sink.summary().cache();
    assertEquals(
        List.of(120L, 90L, 80L, 20L, 5L),
        List.of(
            cache.peakCachedPages(),
            cache.peakDirtyPages(),
            cache.peakWritebackPages(),
            cache.endCachedPages(),
            cache.endDirtyPages()));
  }

  @Test
  void aDeferredBioThatNeverEndsIsLostAfterATenthOfASecond() {
    trace.emit(0, 0, Tracepoint.BIO_DEFER, 1);
    trace.emit(0, 0, Tracepoint.BIO_DEFER, 2);
    trace.emit(5, 0, Tracepoint.BIO_END, 1, 0, 5, 0);
    trace.emit(100 * MS, 0, Tracepoint.BIO_DEFER, 3);
    CompletionSummary before = sink.summary().completion();
    assertEquals(List.of(2L, 0L), List.of(before.pending(), before.lost()));
    trace.emit(100 * MS + 1, 0, Tracepoint.SCHED_SWITCH, 0, 1);
    CompletionSummary after = sink.summary().completion();
    assertEquals(List.of(2L, 1L), List.of(after.pending(), after.lost()));
    assertEquals(5, after.deferral().maxNs());
  }

  @Test
  void onlyWakeUpsOfKernelThreadsAreWorkersWakeUps() {
    trace.emit(0, 0, Tracepoint.TASK_NEWTASK, 1, writer, 0);
    trace.emit(0, 0, Tracepoint.TASK_NEWTASK, 100, trace.name("kworker/0:0"), 1);
    trace.emit(1, 0, Tracepoint.SCHED_WAKEUP, 1, 0);
    trace.emit(2, 0, Tracepoint.SCHED_WAKEUP, 100, 0);
    trace.emit(3, 0, Tracepoint.SCHED_WAKEUP, 100, 0);
    assertEquals(2, sink.summary().cpu().workerWakeUps());
  }

  @Test
  void cpuTimeIsAddedUpOverCpusByKind() {
    for (int cpu = 0; cpu < 2; cpu++) {
      for (int kind = 0; kind < 5; kind++) {
        trace.emit(9, cpu, Tracepoint.CPU_TIME, kind, 10 * kind + cpu);
      }
    }
    CpuSummary cpu = sink.summary().cpu();
    assertEquals(
        List.of(2, 1L, 21L, 41L, 61L, 81L),
        List.of(
            cpu.cpus(),
            cpu.userNs(),
            cpu.systemNs(),
            cpu.workerNs(),
            cpu.softirqNs(),
            cpu.hardirqNs()));
    assertEquals(205, cpu.busyNs());
  }

  @Test
  void everyNumberOfOpenIosIsFoundAgain() {
    OpenIos open = new OpenIos();
    // Numbers 64 apart collide in a small table; every other one is taken out early.
    for (long io = 0; io < 5_000; io++) {
      open.put(io * 64, io, io + 1);
      if (io % 2 == 1) {
        open.take((io - 1) * 64);
      }
    }
    for (long io = 1; io < 5_000; io += 2) {
      assertEquals(true, open.take(io * 64), "io " + io);
      assertEquals(List.of(io, io + 1), List.of(open.takenStartNs, open.takenSubmitNs));
    }
    assertEquals(0, open.size());
  }
}
