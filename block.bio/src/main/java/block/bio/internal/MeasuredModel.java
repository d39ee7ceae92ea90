package block.bio.internal;

import block.bio.BioOp;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import block.bio.device.LatencyTable;
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
  private final EventQueue events;
  private final EventHandler ended;
  private final Slowness slowness;
  private final RandomStream chances;
  private final LatencyTable reads;
  private final LatencyTable writes;
  private final boolean oneThread;
  private final long throughCacheNs;

  /** Serves what was not measured. */
  private final DeviceModel unmeasured;

  private int commands;
  private long rateNs;
  private double chance;

  MeasuredModel(Machine machine, DeviceProfile profile, Completed completed, Slowness slowness) {
    events = machine.events();
    this.slowness = slowness;
    ended =
        handle -> {
          commands--;
          completed.completed(handle);
        };
    chances = machine.streams().named("device.latency");
    reads = profile.latencies(BioOp.READ).orElse(null);
    writes = profile.latencies(BioOp.WRITE).orElse(null);
    oneThread = profile.value(DeviceParameter.INTERRUPTS) == DeviceParameter.DRAINED;
    boolean volatileCache = profile.value(DeviceParameter.WRITE_CACHE) > 0;
    throughCacheNs = volatileCache ? profile.value(DeviceParameter.FLUSH_LATENCY) : 0;
    unmeasured = new SsdModel(machine, profile, completed, slowness);
  }

  @Override
  public void start(long handle, BioOp op, long sector, int sizeBytes, boolean throughCache) {
    LatencyTable table = op == BioOp.READ ? reads : writes;
    if (op == BioOp.FLUSH || table == null) {
      unmeasured.start(handle, op, sector, sizeBytes, throughCache);
      return;
    }
    long nowNs = events.nowNs();
    // Drawn for each command, used or not, so that variants of a scenario stay in step.
    double drawn = chances.nextDouble();
    chance = oneThread && commands > 0 ? chance : drawn;
    commands++;
    long ordinaryNs = table.latencyNs(sizeBytes, commands, chance);
    long extraNs = slowness.extraNs(op, sector, sizeBytes, ordinaryNs);
    rateNs = Math.max(rateNs, nowNs) + table.intervalNs(sizeBytes) + extraNs;
    long endNs = Math.max(rateNs, nowNs + ordinaryNs + extraNs);
    endNs += throughCache && op == BioOp.WRITE ? throughCacheNs : 0;
    events.schedule(endNs, ended, handle);
  }
}
