package block.bio.internal;

import block.bio.BioOp;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import block.bio.device.LatencyTable;
import java.util.Arrays;
import sim.kernel.Machine;
import sim.kernel.event.EventHandler;
import sim.kernel.event.EventQueue;
import sim.kernel.random.RandomStream;

/**
 * A device whose latencies were measured. A command takes what the table says for its size and for
 * the number of commands that the device has with it, but never gets ahead of the best rate that
 * was measured: each command takes its interval of the one device that both directions share.
 *
 * <p>One thread behind the queue ({@code interrupts: drained}) is slow for all commands that it
 * has: all that are issued until it has none left share one chance.
 */
final class MeasuredModel implements DeviceModel {
  private static final int PAGE_BYTES = 4096;

  private final EventQueue events;
  private final EventHandler ended;
  private final Slowness slowness;
  private final RandomStream chances;
  private final LatencyTable reads;
  private final LatencyTable writes;
  private final boolean oneThread;
  private final double readSegment;
  private final long throughCacheNs;

  /** Serves what was not measured. */
  private final DeviceModel unmeasured;

  private int commands;
  private long rateNs;
  private double chance;

  /** Intervals of the commands that the device has, by handle, and their sum. */
  private long[] intervalsNs = new long[64];

  private long aheadNs;

  /** When the device will have done what it has. */
  private long idleNs;

  MeasuredModel(Machine machine, DeviceProfile profile, Completed completed, Slowness slowness) {
    events = machine.events();
    this.slowness = slowness;
    ended =
        handle -> {
          commands--;
          aheadNs -= intervalsNs[(int) handle];
          completed.completed(handle);
        };
    chances = machine.streams().named("device.latency");
    reads = profile.latencies(BioOp.READ).orElse(null);
    writes = profile.latencies(BioOp.WRITE).orElse(null);
    oneThread = profile.value(DeviceParameter.INTERRUPTS) == DeviceParameter.DRAINED;
    readSegment = profile.value(DeviceParameter.READ_SEGMENT) / 100.0;
    boolean volatileCache = profile.value(DeviceParameter.WRITE_CACHE) > 0;
    throughCacheNs = volatileCache ? profile.value(DeviceParameter.FLUSH_LATENCY) : 0;
    unmeasured = new SsdModel(machine, profile, completed, slowness);
  }

  @Override
  public void start(
      long handle, BioOp op, long sector, int sizeBytes, int segments, boolean throughCache) {
    LatencyTable table = op == BioOp.READ ? reads : writes;
    if (op == BioOp.FLUSH || table == null) {
      unmeasured.start(handle, op, sector, sizeBytes, segments, throughCache);
      return;
    }
    long nowNs = events.nowNs();
    // Drawn for each command, used or not, so that variants of a scenario stay in step.
    double drawn = chances.nextDouble();
    chance = oneThread && commands > 0 ? chance : drawn;
    commands++;
    int bytes = op == BioOp.READ ? inPages(sizeBytes, segments) : sizeBytes;
    long intervalNs = table.intervalNs(bytes);
    double depth = 1 + aheadNs / (double) intervalNs;
    long aloneNs = Math.max(0, idleNs - nowNs) + table.latencyNs(bytes, 1, chance);
    long ordinaryNs = Math.min(table.latencyNs(bytes, depth, chance), aloneNs);
    remember((int) handle, intervalNs);
    long extraNs = slowness.extraNs(op, sector, sizeBytes, ordinaryNs);
    rateNs = Math.max(rateNs, nowNs) + intervalNs + extraNs;
    long endNs = Math.max(rateNs, nowNs + ordinaryNs + extraNs);
    idleNs = Math.max(idleNs, endNs);
    endNs += throughCache && op == BioOp.WRITE ? throughCacheNs : 0;
    events.schedule(endNs, ended, handle);
  }

  private void remember(int index, long intervalNs) {
    if (index >= intervalsNs.length) {
      intervalsNs = Arrays.copyOf(intervalsNs, Math.max(index + 1, 2 * intervalsNs.length));
    }
    intervalsNs[index] = intervalNs;
    aheadNs += intervalNs;
  }

  /** The size of a command in single pages, as they were measured, that takes as long. */
  private int inPages(int sizeBytes, int segments) {
    int sparedBytes = sizeBytes - Math.min(sizeBytes, segments * PAGE_BYTES);
    return sizeBytes - (int) (readSegment * sparedBytes);
  }
}
