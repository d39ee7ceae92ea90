package launcher.validation.fold;

import launcher.validation.fold.CpuContexts.Context;

/** Bios by device, operation and submitter; requests by device, operation and context. */
final class BlockCounts {
  private static final int CONTEXTS = Context.values().length;

  private final long[] bios = new long[DeviceClass.count() * BlockOp.count() * TaskClass.count()];
  private final long[] completions = new long[DeviceClass.count() * BlockOp.count() * CONTEXTS];
  private final long[] merges = new long[DeviceClass.count() * BlockOp.count()];

  private static int at(long dev, long rwbs) {
    return DeviceClass.of(dev).ordinal() * BlockOp.count() + BlockOp.of(rwbs).ordinal();
  }

  void bioQueued(long dev, long rwbs, int taskClass) {
    bios[at(dev, rwbs) * TaskClass.count() + taskClass]++;
  }

  void merged(long dev, long rwbs) {
    merges[at(dev, rwbs)]++;
  }

  void requestCompleted(long dev, long rwbs, Context context) {
    completions[at(dev, rwbs) * CONTEXTS + context.ordinal()]++;
  }

  long bios(DeviceClass device, BlockOp op, TaskClass task) {
    return bios[
        (device.ordinal() * BlockOp.count() + op.ordinal()) * TaskClass.count() + task.ordinal()];
  }

  /** Requests that a device completed, whoever ran then. */
  long requests(DeviceClass device, BlockOp op) {
    long sum = 0;
    for (Context context : Context.values()) {
      sum += requests(device, op, context);
    }
    return sum;
  }

  long requests(DeviceClass device, BlockOp op, Context context) {
    int row = device.ordinal() * BlockOp.count() + op.ordinal();
    return completions[row * CONTEXTS + context.ordinal()];
  }

  long merges(DeviceClass device, BlockOp op) {
    return merges[device.ordinal() * BlockOp.count() + op.ordinal()];
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
