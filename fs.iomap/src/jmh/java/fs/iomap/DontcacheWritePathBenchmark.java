package fs.iomap;

import block.bio.device.DeviceProfile;
import block.bio.testing.FileFixture;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import mm.core.DropOutcome;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.reclaim.MemorySettings;
import mm.core.writeback.VmSettings;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.check.Sanitizer;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.RingSink;

/**
 * Folios a wall second on the whole DONTCACHE path: a task that overwrites a file with calls of 1
 * MiB, iomap writeback, NVMe, the end of each bio in a work item, and the drop. No digest.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@State(Scope.Thread)
public class DontcacheWritePathBenchmark {
  private static final int FOLIOS = 1 << 16;
  private static final int CALL_BYTES = 1 << 20;
  private static final int CALL_FOLIOS = CALL_BYTES >> 12;
  private static final long FILE_BYTES = 4L << 30;

  /** Who has it written: the writer itself, or the flusher that it kicks. */
  @Param({"inline", "kick"})
  public String writeback;

  /** Whether the run watches itself, the last events of each CPU included, as runs do. */
  @Param({"on", "off"})
  public String sanitizers;

  /** Largest folio of the file, as 2^order pages; what is counted are pages all the same. */
  @Param({"0"})
  public int folioOrder;

  /** CPU time of this thread: other than the wall's, it does not grow with what else runs. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class CpuTime {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private long ns;
    private long folios;

    /** Begins anew. */
    @Setup(Level.Iteration)
    public void reset() {
      ns = 0;
      folios = 0;
    }

    /** Mean CPU nanoseconds of one folio in an iteration. */
    public double cpuNsOfFolio() {
      return folios == 0 ? 0 : (double) ns / folios;
    }
  }

  private FileFixture io;
  private OpenFile file;
  private Task writer;
  private long pos;
  private int left;
  private final Step next = this::next;

  /** Makes the machine, the file and its writer. */
  @Setup
  public void setUp() {
    io =
        FileFixture.untraced(
            MachineProfile.ofCpus(4),
            DeviceProfile.named("nvme"),
            MemorySettings.ofBytes(4L << 30),
            VmSettings.DEFAULT);
    if (sanitizers.equals("on")) {
      io.machine().trace().addSink(RingSink.withoutFolios(8));
    } else {
      for (Sanitizer sanitizer : Sanitizer.values()) {
        io.machine().checker().turnOff(sanitizer);
      }
    }
    io.withCompletionWorkqueue();
    if (writeback.equals("inline")) {
      io.withInlineWriteback();
    } else {
      io.withFlusherWriteback();
    }
    IomapFileSystem fs =
        new IomapFileSystem(
            io.cache(),
            io.backingDevice(),
            io.device(),
            IomapSettings.DEFAULT.withFolioOrderMax(folioOrder));
    file = new OpenFile(fs.newFile(FileLayout.WRITTEN, FILE_BYTES).mapping());
    writer = io.machine().newTask("writer", false, CpuMask.of(0));
    writer.then(next);
  }

  private void next(Exec x) {
    x.then(next);
    if (left == 0) {
      x.block();
      return;
    }
    left -= CALL_FOLIOS;
    long at = pos;
    pos = (pos + CALL_BYTES) % FILE_BYTES;
    io.cache().write(x, file, at, CALL_BYTES, RwFlags.DONTCACHE);
  }

  /** One folio: written, under writeback, ended and dropped. */
  @Benchmark
  @OperationsPerInvocation(FOLIOS)
  public long folio(CpuTime cpu) {
    long beginNs = cpu.threads.getCurrentThreadCpuTime();
    Machine machine = io.machine();
    long dropped = io.dropped(DropOutcome.DROPPED);
    left = FOLIOS;
    writer.wake();
    while (io.dropped(DropOutcome.DROPPED) - dropped < FOLIOS - 4096) {
      machine.runUntil(machine.nowNs() + 10_000_000);
    }
    while (!(left == 0 && writer.isAsleep())) {
      machine.runUntil(machine.nowNs() + 10_000_000);
    }
    cpu.ns += cpu.threads.getCurrentThreadCpuTime() - beginNs;
    cpu.folios += FOLIOS;
    return dropped;
  }
}
