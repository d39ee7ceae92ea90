package launcher.scenario.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sim.kernel.trace.TraceSink;
import sim.kernel.trace.Tracepoint;

/** Two jobs that store to anonymous or shared memory, in a control group of 1024 pages. */
class MemoryJobTest {
  private final RunRig rig = new RunRig();

  private static final class Reclaimed implements TraceSink {
    private long pages;

    @Override
    public Set<Tracepoint> interest() {
      return EnumSet.of(Tracepoint.RECLAIM);
    }

    @Override
    public void event(
        long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e, long f) {
      pages += a;
    }
  }

  private SimulationRun run(String memory, String job, Reclaimed sink) {
    return rig.runOf(
        """
        scenario: memory
        machine: {cpus: 2}
        device: nvme
        filesystem: iomap
        policies: {completion: listed, dropbehind: leaves, writeback: inline, eviction: at-once}
        memory: {size: 256 MiB, limit: 4 MiB, %s}
        workload: [{writer: {count: 2, %s, io-size: 4 KiB, file-size: 3 MiB}}]
        """
            .formatted(memory, job),
        RunOptions.DEFAULT.with(sink));
  }

  private long reclaimedPages(String job) {
    Reclaimed sink = new Reclaimed();
    SimulationRun run = run("swap: 64 MiB", job, sink);
    assertEquals(RunState.ENDED, run.runToEnd());
    assertEquals("", run.outcome().failure());
    assertEquals(List.of(), run.outcome().invariantFailures());
    assertEquals(List.of(), run.outcome().complaints());
    assertEquals(6 << 20, run.snapshot().bytesDone());
    return sink.pages;
  }

  @Test
  void eachJobHasAnonymousMemoryOfItsOwnAndMakesRoomForIt() {
    // 2 x 768 pages in the place of 1024.
    long pages = reclaimedPages("backing: anonymous");
    assertTrue(pages >= 512, "reclaimed " + pages);
  }

  @Test
  void jobsThatNameOnePieceOfSharedMemoryShareIt() {
    assertEquals(0, reclaimedPages("backing: shmem, file: shared"));
    assertTrue(reclaimedPages("backing: shmem") >= 512);
  }

  @Test
  void memoryIsMappedAndNeedsSwap() {
    String refused =
        assertThrows(
                IllegalArgumentException.class,
                () -> run("swap: 1 MiB", "backing: shmem, engine: psync", new Reclaimed()))
            .getMessage();
    assertTrue(
        refused.endsWith("/dev/shm/writer.0.0 is memory, which is mapped: it needs ioengine=mmap"),
        refused);
    refused =
        assertThrows(
                IllegalArgumentException.class,
                () -> run("swap: 0 B", "backing: anonymous", new Reclaimed()))
            .getMessage();
    assertTrue(
        refused.endsWith(
            "/anonymous/writer.0.0 is memory, which needs swap; set one: memory: {swap: 8 GiB}"),
        refused);
  }
}
