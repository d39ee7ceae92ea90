package block.bio.internal;

import block.bio.BioOp;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import sim.kernel.Machine;
import sim.kernel.event.EventHandler;
import sim.kernel.event.EventQueue;
import sim.kernel.random.RandomStream;

/**
 * Channels that work in parallel behind one bus a direction. A command waits for the channel that
 * is free first, then for the bus, and is completed one latency after its transfer; its channel
 * stays busy for as long as the device's rate of operations says, which for writes is longer than
 * the command: the device programs its medium from a cache that keeps power.
 */
final class SsdModel implements DeviceModel {
  private static final long SECOND_NS = 1_000_000_000;

  private final EventQueue events;
  private final EventHandler completed;
  private final Slowness slowness;
  private final RandomStream jitter;
  private final double jitterSigma;
  private final boolean volatileCache;
  private final long flushLatencyNs;
  private final Direction reads;
  private final Direction writes;

  /** When each channel is free: a heap with the earliest first. */
  private final long[] channels;

  private long lastProgrammedNs;

  /** Rates of one direction, and when its bus is free. */
  private static final class Direction {
    final long latencyNs;
    final long bytesPerSecond;
    final long busyNs;
    long busFreeNs;

    Direction(long latencyNs, long bytesPerSecond, long busyNs) {
      this.latencyNs = latencyNs;
      this.bytesPerSecond = bytesPerSecond;
      this.busyNs = busyNs;
    }

    long transferNs(int bytes) {
      return bytes * SECOND_NS / bytesPerSecond;
    }
  }

  SsdModel(Machine machine, DeviceProfile profile, Completed completed, Slowness slowness) {
    events = machine.events();
    this.completed = completed::completed;
    this.slowness = slowness;
    jitter = machine.streams().named("device.latency");
    jitterSigma = profile.value(DeviceParameter.LATENCY_JITTER) / 100.0;
    volatileCache = profile.value(DeviceParameter.WRITE_CACHE) > 0;
    flushLatencyNs = profile.value(DeviceParameter.FLUSH_LATENCY);
    channels = new long[(int) profile.value(DeviceParameter.CHANNELS)];
    reads =
        new Direction(
            profile.value(DeviceParameter.READ_LATENCY),
            profile.value(DeviceParameter.READ_BANDWIDTH),
            channels.length * SECOND_NS / profile.value(DeviceParameter.READ_IOPS));
    writes =
        new Direction(
            profile.value(DeviceParameter.WRITE_LATENCY),
            profile.value(DeviceParameter.WRITE_BANDWIDTH),
            channels.length * SECOND_NS / profile.value(DeviceParameter.WRITE_IOPS));
  }

  @Override
  public void start(
      long handle, BioOp op, long sector, int sizeBytes, int segments, boolean throughCache) {
    long nowNs = events.nowNs();
    if (op == BioOp.FLUSH) {
      long writtenNs = volatileCache ? Math.max(nowNs, lastProgrammedNs) : nowNs;
      long extraNs = slowness.extraNs(op, sector, sizeBytes, flushLatencyNs);
      events.schedule(writtenNs + flushLatencyNs + extraNs, completed, handle);
      return;
    }
    Direction direction = op == BioOp.READ ? reads : writes;
    long beginNs = Math.max(nowNs, channels[0]);
    long transferNs = direction.transferNs(sizeBytes);
    long latencyNs = jittered(direction.latencyNs);
    // A slow place keeps its channel busy and leaves the bus to others.
    long extraNs = slowness.extraNs(op, sector, sizeBytes, transferNs + latencyNs);
    long programmedNs = beginNs + direction.busyNs + extraNs;
    occupyEarliest(programmedNs);
    direction.busFreeNs = Math.max(beginNs, direction.busFreeNs) + transferNs;
    long endNs = direction.busFreeNs + latencyNs + extraNs;
    if (op == BioOp.WRITE) {
      programmedNs = Math.max(programmedNs, endNs);
      lastProgrammedNs = Math.max(lastProgrammedNs, programmedNs);
      endNs = throughCache && volatileCache ? programmedNs : endNs;
    }
    events.schedule(endNs, completed, handle);
  }

  private long jittered(long latencyNs) {
    return jitterSigma == 0
        ? latencyNs
        : (long) (latencyNs * StrictMath.exp(jitterSigma * jitter.nextGaussian()));
  }

  /** Replaces the heap's first by a later time. */
  private void occupyEarliest(long untilNs) {
    int at = 0;
    for (int child = 1; child < channels.length; child = 2 * at + 1) {
      if (child + 1 < channels.length && channels[child + 1] < channels[child]) {
        child++;
      }
      if (channels[child] >= untilNs) {
        break;
      }
      channels[at] = channels[child];
      at = child;
    }
    channels[at] = untilNs;
  }
}
