package launcher.scenario.internal.workload;

import block.bio.BlockDevice;
import block.bio.BlockLayer;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import fs.buffer.BufferDontcache;
import fs.buffer.ext4.Ext4Settings;
import fs.iomap.DontcacheCompletion;
import fs.iomap.ErrorReport;
import fs.iomap.IntegrityReads;
import fs.iomap.erofs.ErofsSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import launcher.fio.FioFiles;
import launcher.fio.FioHost;
import launcher.fio.FioParseResult;
import launcher.fio.FioParser;
import launcher.fio.job.FioJob;
import launcher.fio.sequence.IoDirection;
import launcher.scenario.FileSystemSpec;
import launcher.scenario.Replay;
import launcher.scenario.Workload;
import mm.core.AddressSpace;
import mm.core.PageCache;
import mm.core.reclaim.Memcg;
import mm.core.reclaim.MemorySettings;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.writeback.VmSettings;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Trace;
import sim.kernel.trace.TraceSink;
import sim.kernel.trace.Tracepoint;

/** A machine, a device of fixed latency, and a log of the workload's I/O. */
final class WorkloadRig {
  static final long DEVICE_NS = 100_000;

  /** Answers each command after 100 us, whatever its size, many at a time. */
  static final DeviceProfile DEVICE =
      DeviceProfile.named("nvme")
          .with(DeviceParameter.READ_LATENCY, DEVICE_NS)
          .with(DeviceParameter.WRITE_LATENCY, DEVICE_NS)
          .with(DeviceParameter.FLUSH_LATENCY, 0)
          .with(DeviceParameter.READ_BANDWIDTH, 1L << 50)
          .with(DeviceParameter.WRITE_BANDWIDTH, 1L << 50)
          .with(DeviceParameter.READ_IOPS, 1_000_000_000_000L)
          .with(DeviceParameter.WRITE_IOPS, 1_000_000_000_000L);

  /** One I/O as it is traced. */
  record Io(
      String job,
      long number,
      IoDirection direction,
      long offset,
      long bytes,
      long startNs,
      long submitNs,
      long completeNs,
      long doneBytes,
      long error) {}

  final List<Io> ios = new ArrayList<>();
  final List<String> names = new ArrayList<>();
  final Machine machine;
  final PageCache cache;
  final BlockDevice device;
  final WorkloadEngine engine;
  final List<FioJob> jobs;
  final Memcg memcg;
  final List<Long> sectors = new ArrayList<>();
  long droppedPages;
  long bios;
  long endNs = -1;

  WorkloadRig(MachineProfile profile, FileSystemSpec.Type type, String... lines) {
    this(profile, spec(type, FileSystemSpec.WriteKind.AS_THE_JOB_SAYS), lines);
  }

  WorkloadRig(MachineProfile profile, FileSystemSpec spec, String... lines) {
    this(profile, spec, jobs -> List.of(), lines);
  }

  WorkloadRig(
      MachineProfile profile,
      FileSystemSpec spec,
      Function<List<FioJob>, List<Replay>> replays,
      String... lines) {
    Trace trace = new Trace();
    trace.addSink(new Recorder());
    machine = new Machine(profile, 1, trace);
    cache = new PageCache(machine, MemorySettings.ofBytes(1L << 30), VmSettings.DEFAULT);
    device = new BlockLayer(machine).addDevice("nvme0n1", DEVICE);
    cache.writebackSlot().use("writeback.test", host -> new Inline(host));
    jobs = jobs(lines);
    memcg = cache.memory().newMemcg("jobs");
    engine =
        new WorkloadEngine(
            machine,
            cache,
            cache.newBackingDevice("nvme0n1"),
            device,
            spec,
            new Workload(jobs, replays.apply(jobs), List.of()),
            JobGroups.allIn(cache.memory(), memcg));
    engine.onEnd(() -> endNs = machine.nowNs());
  }

  static FileSystemSpec spec(FileSystemSpec.Type type, FileSystemSpec.WriteKind writes) {
    return spec(type, writes, FileSystemSpec.DirectEnd.WHERE_IT_CAN);
  }

  static FileSystemSpec spec(
      FileSystemSpec.Type type, FileSystemSpec.WriteKind writes, FileSystemSpec.DirectEnd end) {
    return new FileSystemSpec(
        type,
        4096,
        0,
        0,
        writes,
        end,
        DontcacheCompletion.BIO_UNLESS_WORKQUEUE,
        BufferDontcache.BIO_MARKED,
        Ext4Settings.DEFAULT,
        ErofsSettings.DEFAULT,
        IntegrityReads.BLOCK_LAYER,
        ErrorReport.IN_TASK,
        0);
  }

  static MachineProfile free(int cpus) {
    return MachineProfile.ofCpus(cpus).withoutCosts();
  }

  /** The jobs of a job file; lines without a section are of the job "j". */
  static List<FioJob> jobs(String... lines) {
    String text = String.join("\n", lines) + "\n";
    String file = text.startsWith("[") ? text : "[j]\n" + text;
    FioFiles files =
        new FioFiles() {
          @Override
          public Optional<byte[]> read(String name) {
            return Optional.of(file.getBytes(StandardCharsets.UTF_8));
          }

          @Override
          public boolean isDirectory(String name) {
            return true;
          }
        };
    FioHost host = new FioHost(8, 1024, 4096, name -> Optional.empty());
    FioParseResult result = new FioParser(host, files).parse("t.fio");
    if (!result.problems().isEmpty() || !result.refused().isEmpty()) {
      throw new IllegalArgumentException(result.problems() + " " + result.refused());
    }
    return result.jobs();
  }

  /** Limits the page cache of all jobs. */
  WorkloadRig limited(long bytes) {
    memcg.setLimitPages(bytes / MemorySettings.PAGE_BYTES);
    return this;
  }

  /** Runs to the end of all jobs, at most 100 virtual seconds. */
  WorkloadRig run() {
    engine.start();
    for (long ms = 1; !engine.isEnded() && ms <= 100_000; ms++) {
      machine.runUntil(ms * 1_000_000);
    }
    if (!engine.isEnded()) {
      throw new IllegalStateException("the jobs have not ended after 100 s");
    }
    cache.verify();
    return this;
  }

  List<Io> of(IoDirection direction) {
    return ios.stream().filter(io -> io.direction() == direction).toList();
  }

  List<Io> of(String job) {
    return ios.stream().filter(io -> io.job().equals(job)).toList();
  }

  /** Writes a range out at the end of its write, as the first kernels with DONTCACHE. */
  private record Inline(WritebackHost host) implements WritebackDeferral {
    @Override
    public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
      host.flushRange(x, mapping, pos, countBytes);
    }

    @Override
    public void detach() {
      // It has nothing pending.
    }
  }

  private final class Recorder implements TraceSink {
    private final List<Io> open = new ArrayList<>();

    @Override
    public Set<Tracepoint> interest() {
      return EnumSet.of(
          Tracepoint.IO_SUBMIT,
          Tracepoint.IO_COMPLETE,
          Tracepoint.FOLIO_DROP,
          Tracepoint.BLOCK_BIO_QUEUE);
    }

    @Override
    public void name(int id, String name) {
      while (names.size() <= id) {
        names.add("");
      }
      names.set(id, name);
    }

    @Override
    public void event(
        long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e, long f) {
      switch (type) {
        case IO_SUBMIT ->
            open.add(
                new Io(
                    names.get((int) a),
                    b,
                    IoDirection.values()[(int) c],
                    d,
                    e,
                    f,
                    timeNs,
                    -1,
                    0,
                    0));
        case IO_COMPLETE -> complete(timeNs, b, d, e);
        case FOLIO_DROP -> droppedPages += a;
        default -> {
          bios++;
          sectors.add(b);
        }
      }
    }

    private void complete(long timeNs, long number, long bytes, long error) {
      Io io = open.stream().filter(each -> each.number() == number).findFirst().orElseThrow();
      open.remove(io);
      ios.add(
          new Io(
              io.job(),
              number,
              io.direction(),
              io.offset(),
              io.bytes(),
              io.startNs(),
              io.submitNs(),
              timeNs,
              bytes,
              error));
    }
  }
}
