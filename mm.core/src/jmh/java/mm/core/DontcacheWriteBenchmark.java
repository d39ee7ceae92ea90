package mm.core;

import java.util.concurrent.TimeUnit;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.reclaim.MemorySettings;
import mm.core.testing.PageCacheFixture;
import mm.core.writeback.VmSettings;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.ExecContext;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.machine.MachineProfile;

/**
 * A sequential DONTCACHE writer of 128 KiB a call, with writeback and drop, over a device of fixed
 * speed without a block layer: wall time for one folio of the page cache's share of the path.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@State(Scope.Thread)
public class DontcacheWriteBenchmark {
  private static final int FOLIOS = 1 << 16;
  private static final int CALL_FOLIOS = 32;

  /** Who has it written: the writer, or the flusher at a counted kick. */
  @Param({"inline", "kick"})
  String writeback;

  private PageCacheFixture fixture;
  private OpenFile file;
  private Task writer;
  private long page;
  private int left;
  private final Step next = this::next;

  /** Makes the machine and its writer. */
  @Setup
  public void setUp() {
    fixture =
        new PageCacheFixture(
            MachineProfile.ofCpus(4), MemorySettings.ofBytes(4L << 30), VmSettings.DEFAULT);
    fixture.fileSystem().endingIn(ExecContext.TASK).withPageNs(1_500).withIoPages(32);
    if (writeback.equals("inline")) {
      fixture.withInlineWriteback();
    } else {
      fixture.withWriteback(
          "writeback.kick", (host, x, mapping, pos, bytes) -> host.startDontcache(x, mapping));
    }
    file = fixture.newFile();
    writer = fixture.machine().newTask("writer", false, CpuMask.of(0));
    writer.then(next);
  }

  private void next(Exec x) {
    x.then(next);
    if (left == 0) {
      x.block();
      return;
    }
    left -= CALL_FOLIOS;
    // Over and over the same 4 GiB of the file, so that the tree stays as it is in a long run.
    page = (page + CALL_FOLIOS) % (1 << 20);
    fixture.cache().write(x, file, page << 12, CALL_FOLIOS << 12, RwFlags.DONTCACHE);
  }

  /** One folio written, in writeback and dropped. */
  @Benchmark
  @OperationsPerInvocation(FOLIOS)
  public long folio() {
    left = FOLIOS;
    writer.wake();
    while (!(left == 0 && writer.isAsleep())) {
      fixture.machine().runUntil(fixture.machine().nowNs() + 10_000_000);
    }
    return fixture.cache().stats().get(NodeStat.WRITTEN);
  }
}
