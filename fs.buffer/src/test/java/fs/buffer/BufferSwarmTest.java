package fs.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import block.bio.testing.FileFixture;
import block.bio.testing.FileSwarm;
import java.util.ArrayList;
import java.util.List;
import mm.core.reclaim.MemorySettings;
import mm.core.writeback.VmSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sim.kernel.machine.MachineProfile;

/** Random calls on a block device or on files of ext2, by several CPUs. */
class BufferSwarmTest {
  private static final int SEEDS = 24;
  private static final long FILE_BYTES = 2L << 20;

  static List<Long> seeds() {
    return FileSwarm.seeds(SEEDS);
  }

  private static <T> T pick(List<T> values, long draw) {
    return values.get((int) Long.remainderUnsigned(draw, values.size()));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nothingIsLostLeakedOrLeftBehind(long seed) {
    List<DeviceProfile> devices =
        List.of(
            DeviceProfile.named("nvme").with(DeviceParameter.CAPACITY, 1L << 30),
            FileFixture.INLINE,
            DeviceProfile.named("virtio-blk").with(DeviceParameter.CAPACITY, 1L << 30),
            FileFixture.FIXED.with(DeviceParameter.DEPTH, 2));
    // Every other seed has less memory than its files need.
    long memoryBytes = seed % 2 == 0 ? 6L << 20 : 256L << 20;
    FileFixture io =
        new FileFixture(
            MachineProfile.ofCpus(4),
            pick(devices, seed),
            MemorySettings.ofBytes(memoryBytes),
            VmSettings.DEFAULT.withIntervals(50, 100));
    io.withCompletionWorkqueue();
    if (seed % 3 == 0) {
      io.withFlusherWriteback();
    } else {
      io.withInlineWriteback();
    }
    BufferSettings settings =
        BufferRig.blocksOf(512 << seed / 4 % 4)
            .withFolioOrderMax((int) (seed % 10))
            .with(pick(List.of(BufferDontcache.values()), seed / 2));
    List<FileSwarm.Target> targets = new ArrayList<>();
    BufferIo buffers;
    if (seed % 3 == 1) {
      BlockDeviceInode inode =
          new BlockDeviceInode(io.cache(), io.backingDevice(), io.device(), settings);
      buffers = inode.io();
      targets.add(new FileSwarm.Target(inode.mapping(), inode.directMap(), FILE_BYTES, false));
    } else {
      Ext2FileSystem fs = new Ext2FileSystem(io.cache(), io.backingDevice(), io.device(), settings);
      buffers = fs.io();
      for (FileLayout layout : FileLayout.values()) {
        Ext2File file = fs.newFile(layout, FILE_BYTES / 2);
        targets.add(new FileSwarm.Target(file.mapping(), file.directMap(), FILE_BYTES, true));
      }
    }
    FileSwarm swarm = new FileSwarm(io, targets, seed);
    if (seed % 5 == 0) {
      swarm.withFaults(200);
    }
    try {
      swarm.run(6, 150);
      assertEquals(6 * 150, swarm.calls());
      io.verifyIdle();
      buffers.verifyIdle();
    } catch (RuntimeException failure) {
      throw new AssertionError(FileSwarm.command("fs.buffer", getClass(), seed), failure);
    }
  }
}
