package launcher.validation.fold;

import java.util.stream.Stream;
import launcher.report.Latency;
import launcher.report.LatencyRecorder;
import launcher.validation.fold.CpuContexts.Context;

/** Bios by device, operation and submitter; requests by device, operation, issuer and context. */
final class BlockCounts {
  private static final int ROWS = DeviceClass.count() * BlockOp.count();
  private static final int CONTEXTS = Context.values().length;

  private final long[] bios = new long[ROWS * TaskClass.count()];
  private final long[] bioSectors = new long[ROWS * TaskClass.count()];
  private final long[] issued = new long[ROWS * TaskClass.count()];
  private final long[] completions = new long[ROWS * CONTEXTS];
  private final long[] sectors = new long[ROWS];
  private final long[] merges = new long[ROWS];
  private final long[] splits = new long[DeviceClass.count()];
  private final OpenSpans openBios = new OpenSpans();
  private final OpenSpans openRequests = new OpenSpans();
  private final LatencyRecorder[] bioTimes = recorders();
  private final LatencyRecorder[] requestTimes = recorders();

  private static LatencyRecorder[] recorders() {
    return Stream.generate(LatencyRecorder::new).limit(ROWS).toArray(LatencyRecorder[]::new);
  }

  private static int row(DeviceClass device, BlockOp op) {
    return device.ordinal() * BlockOp.count() + op.ordinal();
  }

  private static int row(long dev, long rwbs) {
    return row(DeviceClass.of(dev), BlockOp.of(rwbs));
  }

  void bioQueued(long timeNs, long dev, long sectorCount, long rwbs, int taskClass, long bio) {
    int at = row(dev, rwbs) * TaskClass.count() + taskClass;
    bios[at]++;
    bioSectors[at] += sectorCount;
    openBios.begin(dev, bio, timeNs);
  }

  void bioCompleted(long timeNs, long dev, long rwbs, long bio) {
    long began = openBios.end(dev, bio);
    if (began != OpenSpans.NONE) {
      bioTimes[row(dev, rwbs)].record(timeNs - began);
    }
  }

  void merged(long dev, long rwbs) {
    merges[row(dev, rwbs)]++;
  }

  void split(long dev) {
    splits[DeviceClass.of(dev).ordinal()]++;
  }

  /** A request that is issued again, as its device had no room, is one, and as old as that. */
  void requestIssued(long timeNs, long dev, long sector, long rwbs, int taskClass) {
    int row = row(dev, rwbs);
    if (!openRequests.begin(dev * BlockOp.count() + row % BlockOp.count(), sector, timeNs)) {
      issued[row * TaskClass.count() + taskClass]++;
    }
  }

  void requestCompleted(
      long timeNs, long dev, long sector, long sectorCount, long rwbs, Context context) {
    int row = row(dev, rwbs);
    completions[row * CONTEXTS + context.ordinal()]++;
    sectors[row] += sectorCount;
    long began = openRequests.end(dev * BlockOp.count() + row % BlockOp.count(), sector);
    if (began != OpenSpans.NONE) {
      requestTimes[row].record(timeNs - began);
    }
  }

  long bios(DeviceClass device, BlockOp op, TaskClass task) {
    return bios[row(device, op) * TaskClass.count() + task.ordinal()];
  }

  long bioSectors(DeviceClass device, BlockOp op, TaskClass task) {
    return bioSectors[row(device, op) * TaskClass.count() + task.ordinal()];
  }

  /** From {@code block_bio_queue} to {@code block_bio_complete}. */
  Latency bioTimes(DeviceClass device, BlockOp op) {
    return bioTimes[row(device, op)].latency();
  }

  /** Requests that a task of a class handed to a device. */
  long issued(DeviceClass device, BlockOp op, TaskClass task) {
    return issued[row(device, op) * TaskClass.count() + task.ordinal()];
  }

  /** Requests that were handed to a device. */
  long issued(DeviceClass device, BlockOp op) {
    return Stream.of(TaskClass.values()).mapToLong(task -> issued(device, op, task)).sum();
  }

  /** From {@code block_rq_issue}, the last one, to {@code block_rq_complete}. */
  Latency requestTimes(DeviceClass device, BlockOp op) {
    return requestTimes[row(device, op)].latency();
  }

  /** Requests that a device completed, whoever ran then. */
  long requests(DeviceClass device, BlockOp op) {
    return Stream.of(Context.values()).mapToLong(context -> requests(device, op, context)).sum();
  }

  long requests(DeviceClass device, BlockOp op, Context context) {
    return completions[row(device, op) * CONTEXTS + context.ordinal()];
  }

  /** Sectors of 512 bytes of the requests that a device completed. */
  long sectors(DeviceClass device, BlockOp op) {
    return sectors[row(device, op)];
  }

  long merges(DeviceClass device, BlockOp op) {
    return merges[row(device, op)];
  }

  /** Of all operations. */
  long merges(DeviceClass device) {
    return Stream.of(BlockOp.values()).mapToLong(op -> merges(device, op)).sum();
  }

  long splits(DeviceClass device) {
    return splits[device.ordinal()];
  }

  /** The device that the files are on: a loop device where there is one. */
  DeviceClass upper() {
    for (DeviceClass device : DeviceClass.values()) {
      for (BlockOp op : BlockOp.values()) {
        for (TaskClass task : TaskClass.values()) {
          if (bios(device, op, task) > 0) {
            return device;
          }
        }
      }
    }
    return DeviceClass.OTHER;
  }
}
