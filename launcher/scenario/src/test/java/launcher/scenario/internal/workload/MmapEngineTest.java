package launcher.scenario.internal.workload;

import static launcher.scenario.FileSystemSpec.Type.BLOCK_DEVICE;
import static launcher.scenario.FileSystemSpec.Type.IOMAP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import launcher.fio.sequence.IoDirection;
import launcher.scenario.internal.workload.WorkloadRig.Io;
import mm.core.NodeStat;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

class MmapEngineTest {
  /** Faults take 1 us, and nothing else takes time but the device. */
  private static final MachineProfile FAULTS = WorkloadRig.free(1).with(Cost.PAGE_FAULT, 1_000);

  private static List<Long> tookNs(List<Io> ios) {
    return ios.stream().map(io -> io.completeNs() - io.startNs()).toList();
  }

  @Test
  void aLoadFaultsOnceAndReadsItsPage() {
    WorkloadRig rig =
        new WorkloadRig(
                FAULTS,
                IOMAP,
                "ioengine=mmap",
                "rw=randread",
                "bs=4k",
                "size=8k",
                "loops=2",
                "invalidate=0")
            .run();
    long fault = 1_000 + WorkloadRig.DEVICE_NS;
    assertEquals(List.of(fault, fault, 0L, 0L), tookNs(rig.ios));
    assertEquals(2, rig.bios);
  }

  @Test
  void aPageThatIsCachedFaultsWithoutTheDevice() {
    WorkloadRig rig =
        new WorkloadRig(
                FAULTS,
                IOMAP,
                "[global]",
                "filename=f",
                "rw=randread",
                "bs=4k",
                "size=4k",
                "invalidate=0",
                "[call]",
                "[map]",
                "stonewall",
                "ioengine=mmap")
            .run();
    assertEquals(List.of(1_000L), tookNs(rig.of("map")));
    assertEquals(1, rig.bios);
  }

  @Test
  void aStoreFaultsAgainAfterItsPageWasWritten() {
    String[] lines = {
      "ioengine=mmap", "rw=write", "bs=4k", "size=4k", "loops=3", "invalidate=0", "fsync=1"
    };
    WorkloadRig rig = new WorkloadRig(FAULTS, BLOCK_DEVICE, lines).run();
    // The first also reads the page; each msync makes the entry read-only again.
    assertEquals(
        List.of(1_000 + WorkloadRig.DEVICE_NS, 1_000L, 1_000L), tookNs(rig.of(IoDirection.WRITE)));
    lines[6] = "fsync=0";
    rig = new WorkloadRig(FAULTS, BLOCK_DEVICE, lines).run();
    assertEquals(List.of(1_000 + WorkloadRig.DEVICE_NS, 0L, 0L), tookNs(rig.ios));
    assertEquals(1, rig.cache.stats().get(NodeStat.FILE_DIRTY));
  }

  @Test
  void mappingsEndWithTheirJob() {
    WorkloadRig rig =
        new WorkloadRig(FAULTS, IOMAP, "ioengine=mmap", "rw=read", "bs=4k", "size=64k").run();
    assertEquals(0, rig.cache.stats().get(NodeStat.FILE_MAPPED));
    assertTrue(rig.cache.stats().get(NodeStat.FILE_PAGES) >= 16);
  }

  @Test
  void aFailedReadEndsTheJobThatLoads() {
    WorkloadRig rig =
        new WorkloadRig(FAULTS, IOMAP, "ioengine=mmap", "rw=randread", "bs=4k", "size=64k");
    rig.device.setFaults((op, sector, sizeBytes) -> block.bio.BlkStatus.IOERR);
    rig.run();
    assertEquals(List.of(5L), rig.ios.stream().map(Io::error).toList());
  }
}
