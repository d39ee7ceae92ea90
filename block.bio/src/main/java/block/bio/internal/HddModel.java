package block.bio.internal;

import block.bio.BioOp;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import java.util.Arrays;
import sim.kernel.Machine;
import sim.kernel.event.EventHandler;
import sim.kernel.event.EventQueue;

/**
 * One head over a turning disk. Serves one command at a time, in the order of an elevator that
 * sweeps upwards; a seek takes time by the square root of its distance, the rest of a turn follows
 * from the angle that the disk has then, and a command that begins where the last one ended needs
 * neither. Writes that fit the volatile cache are completed at once and reach the medium when
 * nothing else is wanted, or when a FLUSH waits for them.
 */
final class HddModel implements DeviceModel {
  private static final long SECOND_NS = 1_000_000_000;
  private static final int SECTOR_BYTES = 512;

  /** Handle of a command that was completed when the cache took it. */
  private static final long CACHED = Long.MIN_VALUE;

  private final EventQueue events;
  private final EventHandler completed;
  private final Slowness slowness;
  private final EventHandler served = arg -> served();
  private final long sectors;
  private final long seekMinNs;
  private final long seekMaxNs;
  private final long turnNs;
  private final long trackBytes;
  private final long readBytesPerSecond;
  private final long writeBytesPerSecond;
  private final long writeLatencyNs;
  private final long flushLatencyNs;
  private final long cacheBytes;

  // Commands that wait for the head, in no order.
  private long[] handles = new long[64];
  private long[] firsts = new long[64];
  private int[] sizes = new int[64];
  private boolean[] reading = new boolean[64];
  private long[] arrivals = new long[64];
  private int waiting;

  private long arrival;
  private long cachedBytes;
  private boolean busy;
  private long servedHandle;
  private int servedBytes;
  private long headSector;

  // Only one FLUSH is at a device at a time.
  private boolean flushing;
  private long flushHandle;
  private long flushArrival;

  HddModel(Machine machine, DeviceProfile profile, Completed completed, Slowness slowness) {
    events = machine.events();
    this.completed = completed::completed;
    this.slowness = slowness;
    sectors = profile.capacityBytes() / SECTOR_BYTES;
    seekMinNs = profile.value(DeviceParameter.SEEK_MIN);
    seekMaxNs = profile.value(DeviceParameter.SEEK_MAX);
    turnNs = 60 * SECOND_NS / profile.value(DeviceParameter.ROTATION);
    readBytesPerSecond = profile.value(DeviceParameter.READ_BANDWIDTH);
    writeBytesPerSecond = profile.value(DeviceParameter.WRITE_BANDWIDTH);
    // The medium passes under the head at the rate at which it is read.
    trackBytes =
        Math.max(SECTOR_BYTES, turnNs * Math.min(readBytesPerSecond, 1L << 32) / SECOND_NS);
    writeLatencyNs = profile.value(DeviceParameter.WRITE_LATENCY);
    flushLatencyNs = profile.value(DeviceParameter.FLUSH_LATENCY);
    cacheBytes = profile.value(DeviceParameter.WRITE_CACHE);
  }

  @Override
  public void start(
      long handle, BioOp op, long sector, int sizeBytes, int segments, boolean throughCache) {
    arrival++;
    if (op == BioOp.FLUSH) {
      flushing = true;
      flushHandle = handle;
      flushArrival = arrival;
    } else if (op == BioOp.WRITE && !throughCache && cachedBytes + sizeBytes <= cacheBytes) {
      cachedBytes += sizeBytes;
      add(CACHED, sector, sizeBytes, false);
      events.schedule(events.nowNs() + writeLatencyNs, completed, handle);
    } else {
      add(handle, sector, sizeBytes, op == BioOp.READ);
    }
    if (!busy) {
      serveNext();
    }
  }

  private void add(long handle, long sector, int sizeBytes, boolean read) {
    if (waiting == handles.length) {
      handles = Arrays.copyOf(handles, waiting * 2);
      firsts = Arrays.copyOf(firsts, waiting * 2);
      sizes = Arrays.copyOf(sizes, waiting * 2);
      reading = Arrays.copyOf(reading, waiting * 2);
      arrivals = Arrays.copyOf(arrivals, waiting * 2);
    }
    handles[waiting] = handle;
    firsts[waiting] = sector;
    sizes[waiting] = sizeBytes;
    reading[waiting] = read;
    arrivals[waiting] = arrival;
    waiting++;
  }

  private void serveNext() {
    if (flushing && !cachedBefore(flushArrival)) {
      flushing = false;
      long extraNs = slowness.extraNs(BioOp.FLUSH, 0, 0, flushLatencyNs);
      events.schedule(events.nowNs() + flushLatencyNs + extraNs, completed, flushHandle);
    }
    int next = choose(flushing);
    if (next < 0 && !flushing) {
      next = choose(true);
    }
    if (next < 0) {
      return;
    }
    busy = true;
    servedHandle = handles[next];
    servedBytes = sizes[next];
    long ordinaryNs = serviceNs(next);
    BioOp op = reading[next] ? BioOp.READ : BioOp.WRITE;
    long extraNs = slowness.extraNs(op, firsts[next], servedBytes, ordinaryNs);
    events.schedule(events.nowNs() + ordinaryNs + extraNs, served, 0);
    headSector = firsts[next] + servedBytes / SECTOR_BYTES;
    remove(next);
  }

  private boolean cachedBefore(long limit) {
    for (int i = 0; i < waiting; i++) {
      if (handles[i] == CACHED && arrivals[i] < limit) {
        return true;
      }
    }
    return false;
  }

  /** The next command upwards of the head, or else the lowest; -1 if there is none. */
  private int choose(boolean cachedToo) {
    int above = -1;
    int lowest = -1;
    for (int i = 0; i < waiting; i++) {
      if (handles[i] == CACHED && !cachedToo) {
        continue;
      }
      if (firsts[i] >= headSector && (above < 0 || firsts[i] < firsts[above])) {
        above = i;
      }
      if (lowest < 0 || firsts[i] < firsts[lowest]) {
        lowest = i;
      }
    }
    return above >= 0 ? above : lowest;
  }

  private long serviceNs(int command) {
    long sector = firsts[command];
    long transferNs =
        sizes[command] * SECOND_NS / (reading[command] ? readBytesPerSecond : writeBytesPerSecond);
    if (sector == headSector) {
      return transferNs;
    }
    double distance = Math.abs(sector - headSector) / (double) sectors;
    long seekNs = seekMinNs + (long) ((seekMaxNs - seekMinNs) * StrictMath.sqrt(distance));
    long angleNs = (long) (sector * SECTOR_BYTES % trackBytes / (double) trackBytes * turnNs);
    long turnedNs = (events.nowNs() + seekNs) % turnNs;
    long rotationNs = (angleNs - turnedNs + turnNs) % turnNs;
    return seekNs + rotationNs + transferNs;
  }

  private void remove(int at) {
    waiting--;
    handles[at] = handles[waiting];
    firsts[at] = firsts[waiting];
    sizes[at] = sizes[waiting];
    reading[at] = reading[waiting];
    arrivals[at] = arrivals[waiting];
  }

  private void served() {
    long handle = servedHandle;
    busy = false;
    if (handle == CACHED) {
      cachedBytes -= servedBytes;
    }
    serveNext();
    // Last, since the interrupt that this raises may move the clock.
    if (handle != CACHED) {
      completed.fire(handle);
    }
  }
}
