package block.bio;

import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import sim.kernel.CpuMask;
import sim.kernel.ExecContext;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Trace;
import sim.kernel.trace.TraceSink;
import sim.kernel.trace.Tracepoint;

/** A machine, a device and a log of what became of each bio. */
final class BlockRig {
  /** A device without limits that answers after 100 us. */
  static final DeviceProfile PLAIN =
      DeviceProfile.named("nvme")
          .with(DeviceParameter.READ_LATENCY, 100_000)
          .with(DeviceParameter.WRITE_LATENCY, 100_000)
          .with(DeviceParameter.FLUSH_LATENCY, 0)
          .with(DeviceParameter.READ_BANDWIDTH, 1L << 50)
          .with(DeviceParameter.WRITE_BANDWIDTH, 1L << 50)
          .with(DeviceParameter.READ_IOPS, 1_000_000_000_000L)
          .with(DeviceParameter.WRITE_IOPS, 1_000_000_000_000L)
          .with(DeviceParameter.CHANNELS, 1);

  final Machine machine;
  final BlockLayer layer;
  final BlockDevice device;
  final List<String> log = new ArrayList<>();
  final List<String> trace = new ArrayList<>();

  BlockRig(MachineProfile machineProfile, DeviceProfile deviceProfile) {
    Trace recorded = new Trace();
    recorded.addSink(new Recorder());
    machine = new Machine(machineProfile, 1, recorded);
    layer = new BlockLayer(machine);
    device = layer.addDevice("nvme0n1", deviceProfile);
  }

  private final class Recorder implements TraceSink {
    @Override
    public Set<Tracepoint> interest() {
      return EnumSet.of(
          Tracepoint.BLOCK_BIO_QUEUE,
          Tracepoint.BLOCK_BIO_BACKMERGE,
          Tracepoint.BLOCK_SPLIT,
          Tracepoint.BLOCK_UNPLUG,
          Tracepoint.BLOCK_RQ_ISSUE,
          Tracepoint.BLOCK_RQ_COMPLETE,
          Tracepoint.BLOCK_RQ_REQUEUE,
          Tracepoint.BLOCK_BIO_COMPLETE,
          Tracepoint.BIO_DEFER,
          Tracepoint.BIO_END);
    }

    @Override
    public void event(
        long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e, long f) {
      String what =
          switch (type) {
            case BLOCK_UNPLUG -> " " + b;
            case BIO_DEFER, BIO_END -> "";
            default -> " " + b + "+" + c;
          };
      trace.add(type.event() + what + "@" + timeNs);
    }
  }

  /** A write of 4 KiB that logs {@code name@time context cpu} at its end and frees itself. */
  Bio write(String name, long sector) {
    return bio(name, BioOp.WRITE, sector, 4096);
  }

  Bio bio(String name, BioOp op, long sector, int sizeBytes) {
    Bio bio = layer.bios().alloc(op, Bio.VECTORS_MAX);
    bio.setSector(sector);
    for (int left = sizeBytes; left > 0; left -= 4096) {
      bio.addFolio((int) sector + left / 4096 + 1, 0, Math.min(left, 4096));
    }
    bio.setEndIo(
        (x, ended) -> {
          log.add(
              name
                  + "@"
                  + x.nowNs()
                  + (x.context() == ExecContext.HARDIRQ ? "" : " " + x.context())
                  + (x.cpu().id() == 0 ? "" : " cpu" + x.cpu().id())
                  + (ended.status() == BlkStatus.OK ? "" : " " + ended.status()));
          layer.bios().free(ended);
        });
    return bio;
  }

  /** A task on CPU {@code cpu} that runs these steps one after the other. */
  void task(int cpu, Step... steps) {
    machine.spawn(
        "task",
        CpuMask.of(cpu),
        x -> {
          for (int i = steps.length - 1; i >= 0; i--) {
            x.then(steps[i]);
          }
        });
  }

  Step submit(Bio bio) {
    return x -> device.submitBio(x, bio);
  }

  /** The trace lines of one kind. */
  List<String> traced(Tracepoint type) {
    return trace.stream()
        .filter(line -> line.startsWith(type.event() + " ") || line.startsWith(type.event() + "@"))
        .map(line -> line.substring(type.event().length()).trim())
        .toList();
  }
}
