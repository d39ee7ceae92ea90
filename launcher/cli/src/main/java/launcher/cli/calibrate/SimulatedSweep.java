package launcher.cli.calibrate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import launcher.calibration.CellFit;
import launcher.cli.Interrupt;
import launcher.cli.run.RefusedRunException;
import launcher.cli.run.RunExecution;
import launcher.cli.run.ScenarioFigures;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioException;
import launcher.scenario.ScenarioFiles;
import launcher.scenario.ScenarioReader;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.run.RunOptions;

/** The sweep again, on the machine that was made of it: direct I/O at each size and depth. */
final class SimulatedSweep {
  private static final String MACHINE = "machine.yaml";
  private static final String JOB = "sweep.fio";
  private static final int RUNTIME_MS = 300;

  /** What came of one cell. */
  record Cell(CellFit measured, int count, long medianNs, long p99Ns, double iops) {}

  private final PolicyLookup policies;
  private final Interrupt interrupt;
  private final String machineFile;

  /**
   * Of a machine.
   *
   * @param machineFile its text
   */
  SimulatedSweep(PolicyLookup policies, Interrupt interrupt, String machineFile) {
    this.policies = policies;
    this.interrupt = interrupt;
    this.machineFile = machineFile;
  }

  /** Runs each cell that was fitted, until the user wants no more. */
  List<Cell> run(List<CellFit> cells, Consumer<CellFit> progress)
      throws ScenarioException, RefusedRunException, InterruptedException {
    List<Cell> done = new ArrayList<>();
    for (CellFit cell : cells) {
      if (cell.fitted()) {
        progress.accept(cell);
        LatencySink sink = new LatencySink();
        RunOptions options = RunOptions.DEFAULT.withoutDigest().with(sink);
        if (new RunExecution(policies, interrupt)
            .run(scenario(cell), options, snapshot -> {})
            .outcome()
            .cutShort()) {
          return done;
        }
        done.add(
            new Cell(
                cell, sink.count(), sink.quantileNs(0.5), sink.quantileNs(0.99), sink.perSecond()));
      }
    }
    return done;
  }

  private Scenario scenario(CellFit cell) throws ScenarioException {
    String rw = (cell.sequential() ? "" : "rand") + cell.op().word();
    String job =
        """
        [sweep]
        ioengine=libaio
        direct=1
        rw=%s
        bs=%d
        iodepth=%d
        size=480m
        norandommap
        time_based
        runtime=%dms
        """
            .formatted(rw, cell.sizeBytes(), cell.depth(), RUNTIME_MS);
    String scenario =
        """
        scenario: sweep
        calibration: %s
        memory: 4 GiB
        filesystem: {type: iomap, writes: overwrite}
        workload: {fio: %s}
        """
            .formatted(MACHINE, JOB);
    ScenarioReader reader =
        ScenarioFigures.reader(policies)
            .reading(
                ScenarioFiles.of(
                    Map.of(
                        MACHINE, machineFile.getBytes(StandardCharsets.UTF_8),
                        JOB, job.getBytes(StandardCharsets.UTF_8))));
    return reader.readText("sweep.yaml", scenario, List.of());
  }
}
