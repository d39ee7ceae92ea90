package launcher.scenario.internal.workload;

import static launcher.scenario.FileSystemSpec.Type.BLOCK_DEVICE;
import static launcher.scenario.FileSystemSpec.Type.EXT2_LIKE;
import static launcher.scenario.FileSystemSpec.Type.IOMAP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import launcher.scenario.FileSystemSpec;
import launcher.scenario.FileSystemSpec.WriteKind;
import launcher.scenario.internal.workload.WorkloadRig.Io;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

class WorkloadFilesTest {
  /** What tells the layouts apart: only an allocation and a transaction take time. */
  private static final MachineProfile MAPPING =
      WorkloadRig.free(1).with(Cost.BLOCK_ALLOC, 10_000).with(Cost.FS_TRANSACTION, 60_000);

  private static long directWriteNs(FileSystemSpec spec, String... more) {
    String[] lines = new String[more.length + 5];
    System.arraycopy(more, 0, lines, 0, more.length);
    lines[more.length] = "rw=write";
    lines[more.length + 1] = "bs=4k";
    lines[more.length + 2] = "size=8k";
    lines[more.length + 3] = "direct=1";
    lines[more.length + 4] = "ioengine=psync";
    WorkloadRig rig = new WorkloadRig(MAPPING, spec, lines).run();
    Io last = rig.ios.get(1);
    return last.completeNs() - last.startNs() - WorkloadRig.DEVICE_NS;
  }

  @ParameterizedTest
  @CsvSource({
    // A plain overwrite; a transaction; an allocation with its transaction.
    "OVERWRITE, 0",
    "PREALLOCATED, 60000",
    "APPEND, 70000"
  })
  void theScenarioSaysWhatWritesFind(WriteKind writes, long ns) {
    assertEquals(ns, directWriteNs(WorkloadRig.spec(IOMAP, writes)));
  }

  @ParameterizedTest
  @CsvSource({
    "overwrite=1, 0",
    "fallocate=native, 60000",
    "fallocate=keep, 60000",
    "fallocate=none, 70000",
    "fallocate=truncate, 70000",
    "create_on_open=1, 70000"
  })
  void orElseTheJobsOwnOptionsDo(String option, long ns) {
    assertEquals(ns, directWriteNs(WorkloadRig.spec(IOMAP, WriteKind.AS_THE_JOB_SAYS), option));
  }

  @Test
  void aReaderAfterAWriterOfTheSameFileHasWrittenBlocks() {
    WorkloadRig rig =
        new WorkloadRig(
                WorkloadRig.free(1),
                IOMAP,
                "[global]",
                "filename=f",
                "bs=4k",
                "size=16k",
                "[writer]",
                "rw=write",
                "[reader]",
                "rw=read",
                "direct=1",
                "stonewall")
            .run();
    assertEquals(4, rig.of("reader").size());
    assertTrue(rig.of("reader").stream().allMatch(io -> io.doneBytes() == 4096));
  }

  @Test
  void regionsOfABlockDeviceDoNotOverlap() {
    WorkloadRig rig =
        new WorkloadRig(
                WorkloadRig.free(1),
                BLOCK_DEVICE,
                "[global]",
                "rw=read",
                "direct=1",
                "bs=4k",
                "[a]",
                "size=4k",
                "[b]",
                "size=4k",
                "[c]",
                "filename=/dev/sdb",
                "size=4k")
            .run();
    // Regions begin at multiples of 1 MiB, which is sector 2048; a device begins at 0.
    assertEquals(java.util.List.of(0L, 0L, 2048L), rig.sectors.stream().sorted().toList());
    assertTrue(
        rig.engine.notes().contains("/dev/sdb stands for the simulated device nvme0n1"),
        rig.engine.notes()::toString);
  }

  @Test
  void aDeviceWithoutASizeIsReadWhole() {
    WorkloadRig rig =
        new WorkloadRig(
            WorkloadRig.free(1), EXT2_LIKE, "filename=/dev/sda", "rw=read", "bs=1m", "direct=1");
    assertEquals(rig.device.sectors() * 512, rig.engine.bytesPlanned());
  }

  @Test
  void aFileWithoutASizeIsRefused() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> new WorkloadRig(WorkloadRig.free(1), IOMAP, "rw=read", "filename=f"));
    assertTrue(refusal.getMessage().contains("give size="), refusal.getMessage());
  }

  @Test
  void invalidateDropsWhatAnotherJobHasCached() {
    String[] jobs = {
      "[global]", "filename=f", "rw=read", "bs=4k", "size=4k", "[a]", "[b]", "stonewall"
    };
    assertEquals(2, new WorkloadRig(WorkloadRig.free(1), IOMAP, jobs).run().bios);
  }

  @Test
  void preReadFillsTheCacheBeforeTheJobsTime() {
    WorkloadRig rig =
        new WorkloadRig(
                WorkloadRig.free(1),
                IOMAP,
                "rw=randread",
                "bs=4k",
                "size=64k",
                "pre_read=1",
                "invalidate=0")
            .run();
    Io first = rig.ios.get(0);
    assertTrue(first.startNs() >= WorkloadRig.DEVICE_NS, "after the reading");
    assertEquals(rig.endNs, first.startNs());
  }

  @Test
  void aFileThatIsMadeWhenItIsOpenedHasNothingToRead() {
    WorkloadRig rig =
        new WorkloadRig(
                WorkloadRig.free(1), IOMAP, "rw=read", "bs=4k", "size=16k", "create_on_open=1")
            .run();
    // fio takes the end of the file for an error, EIO.
    assertEquals(java.util.List.of(5L), rig.ios.stream().map(Io::error).toList());
  }
}
