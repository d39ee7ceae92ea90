package block.bio;

import block.bio.device.DeviceKind;
import block.bio.device.DeviceProfile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.trace.Tracepoint;
import sim.kernel.workqueue.Workqueue;

/**
 * The block layer of one run: its bios and devices, and the path that each bio takes to its end.
 * File systems submit to a {@link BlockDevice} and hear of the end through {@link BioEndIo}.
 */
public final class BlockLayer {
  private static final int IRQ_FIRST = 0x100;

  private final Machine machine;
  private final BioPool bios = new BioPool();
  private final CompletionSlot completions;
  private final List<BlockDevice> devices = new ArrayList<>();
  private final Rwbs rwbs = new Rwbs();
  private final BlockSoftirq softirq;
  private final Workqueue kblockd;
  private BioIntegrity integrity;
  private Workqueue kthrotld;
  private int irqs;

  /** A layer without devices, in which every bio ends in the context it completes in. */
  public BlockLayer(Machine machine) {
    this.machine = Objects.requireNonNull(machine, "machine");
    completions = new CompletionSlot(machine);
    softirq = new BlockSoftirq(machine);
    kblockd =
        machine
            .workqueues()
            .alloc(
                "kblockd",
                Workqueue.ACTIVE_DEFAULT,
                EnumSet.of(Workqueue.Flag.MEM_RECLAIM, Workqueue.Flag.HIGHPRI));
    new BlockHotplug(this).register();
  }

  /** The machine of this run. */
  public Machine machine() {
    return machine;
  }

  /** Where bios come from. */
  public BioPool bios() {
    return bios;
  }

  /** Where the completion policy is put, and who has custody of deferred bios. */
  public CompletionSlot completions() {
    return completions;
  }

  /**
   * Adds a device.
   *
   * @param name as under {@code /dev}: {@code nvme0n1}
   */
  public BlockDevice addDevice(String name, DeviceProfile profile) {
    if (profile.kind() == DeviceKind.LOOP) {
      throw new IllegalArgumentException(
          name + ": is a loop device; add it with the device that its file is on");
    }
    return add(new BlockDevice(this, name, profile, null));
  }

  /**
   * Adds a loop device.
   *
   * @param name as under {@code /dev}: {@code loop0}
   * @param backing what its file is on
   */
  public BlockDevice addLoopDevice(String name, DeviceProfile profile, BlockDevice backing) {
    return add(new BlockDevice(this, name, profile, Objects.requireNonNull(backing, "backing")));
  }

  private BlockDevice add(BlockDevice device) {
    devices.add(device);
    return device;
  }

  /** Devices that there are of a major number. */
  int countOf(int major) {
    int count = 0;
    for (BlockDevice device : devices) {
      count += device.major() == major ? 1 : 0;
    }
    return count;
  }

  /** {@code kthrotld}: submits what limiters let through; made when a limiter first needs it. */
  Workqueue kthrotld() {
    if (kthrotld == null) {
      kthrotld =
          machine
              .workqueues()
              .alloc("kthrotld", Workqueue.ACTIVE_DEFAULT, EnumSet.of(Workqueue.Flag.MEM_RECLAIM));
    }
    return kthrotld;
  }

  /** All devices, in the order in which they were added. */
  public List<BlockDevice> devices() {
    return Collections.unmodifiableList(devices);
  }

  /**
   * {@code bio_endio}, in its order: last of a chain, integrity (the bio comes back here), trace,
   * parent instead of child, and then the completion policy if the bio wants a task. Any context.
   * The end may be now, or later in whatever task the policy has; in both cases it happens once.
   */
  public void endBio(Exec x, Bio bio) {
    Bio ending = bio;
    while (true) {
      if (ending.has(BioFlag.CHAIN)) {
        if (--ending.remaining > 0) {
          return;
        }
        ending.clear(BioFlag.CHAIN);
      }
      if (ending.integrityPending) {
        ending.integrityPending = false;
        if (ending.status() == BlkStatus.OK) {
          integrity().verify(x, ending);
          return;
        }
      }
      // rq-qos comes here, before the trace; it is not modelled yet.
      if (ending.has(BioFlag.TRACE_COMPLETION)) {
        ending.clear(BioFlag.TRACE_COMPLETION);
        traceCompletion(x, ending);
      }
      Bio parent = ending.parent;
      if (parent == null) {
        completions.complete(x, ending);
        return;
      }
      if (parent.status() == BlkStatus.OK) {
        parent.setStatus(ending.status());
      }
      bios.free(ending);
      ending = parent;
    }
  }

  private void traceCompletion(Exec x, Bio bio) {
    if (machine.trace().enabled(Tracepoint.BLOCK_BIO_COMPLETE)) {
      machine
          .trace()
          .emit(
              x.nowNs(),
              x.cpu().id(),
              Tracepoint.BLOCK_BIO_COMPLETE,
              bio.device().number(),
              bio.sector(),
              bio.sectors(),
              bio.status().errno(),
              rwbs.of(bio),
              bio.id());
    }
  }

  /** Made when it is first needed: a machine without it has no such thread. */
  private BioIntegrity integrity() {
    if (integrity == null) {
      integrity = new BioIntegrity(this);
    }
    return integrity;
  }

  BlockSoftirq softirq() {
    return softirq;
  }

  Workqueue kblockd() {
    return kblockd;
  }

  /** The next free interrupt number. */
  int newIrq() {
    return IRQ_FIRST + irqs++;
  }

  Rwbs rwbs() {
    return rwbs;
  }
}
