package launcher.cli.calibrate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import launcher.calibration.Calibration;
import launcher.calibration.CalibrationException;
import launcher.calibration.Calibrator;
import launcher.calibration.DeviceFit;
import launcher.calibration.MachineFile;
import launcher.cli.Console;
import launcher.cli.ExitStatus;
import launcher.cli.Interrupt;
import launcher.cli.JsonTarget;
import launcher.cli.Progress;
import launcher.cli.TraceProgress;
import launcher.cli.run.RefusedRunException;
import launcher.scenario.ScenarioException;
import launcher.scenario.policy.PolicyLookup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code deferlab calibrate}. */
@Command(
    name = "calibrate",
    description = {
      "Fits a machine and its device to what was measured of them, and writes a file that a"
          + " scenario names by its key 'calibration'.",
      "Prints what was fitted, how well, and what the measurements can't tell."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  deferlab calibrate sweep.csv --device nvme0n1 -o machine.yaml",
      "  deferlab calibrate sweep.csv my.trace.gz --set machine.cpus=2 --check",
      "  deferlab calibrate direct-4k.json direct-64k.json -o machine.yaml",
      "",
      "Exit status: 0 fitted, 2 bad input or nothing that could be fitted, 130 Ctrl-C."
    })
public final class CalibrateCommand implements Callable<Integer> {
  private final Console console;
  private final PolicyLookup policies;
  private final Interrupt interrupt;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Sweeps of a device (CSV), JSON of fio, ftrace captures; docs/traces.md has the formats.")
  private List<Path> files;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where the machine file goes; unless given it is not written.")
  private Path output;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description = "The device to fit, of inputs that have several.")
  private String device;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A key of the machine file that no measurement tells: machine.cpus=2.")
  private Map<String, String> stated = new LinkedHashMap<>();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the fit as JSON; '-' is stdout, and then nothing else is.")
  private String json;

  @Option(
      names = "--check",
      description = "Simulate the sweep on the machine that was made of it, and compare.")
  private boolean check;

  /** The command. */
  public CalibrateCommand(Console console, PolicyLookup policies, Interrupt interrupt) {
    this.console = console;
    this.policies = policies;
    this.interrupt = interrupt;
  }

  @Override
  public Integer call()
      throws IOException, ScenarioException, RefusedRunException, InterruptedException {
    JsonTarget target = JsonTarget.of(json, console);
    requireFolder();
    MachineCheck machine = new MachineCheck(policies);
    machine.stated(stated);
    Calibration calibration;
    try (TraceProgress progress = new TraceProgress(console, interrupt)) {
      calibration = read(progress).fit();
    } catch (CalibrationException e) {
      if (!interrupt.isRaised()) {
        throw e;
      }
      console.error("interrupted: nothing was fitted" + notWritten());
      return ExitStatus.INTERRUPTED;
    }
    if (!target.isStdout()) {
      console.out().print(new FitText(console).of(calibration));
    }
    target.write(List.of(FitJson.of(calibration)));
    if (calibration.values().isEmpty() && calibration.device().isEmpty()) {
      console.out().flush();
      console.error("none of it tells a cost or a latency" + notWritten());
      return ExitStatus.BAD_INPUT;
    }
    if (output != null) {
      String text = MachineFile.text(calibration, command());
      machine.file(output.toString(), text);
      Files.writeString(output, text, StandardCharsets.UTF_8);
    }
    if (check && calibration.device().isPresent() && !target.isStdout()) {
      check(calibration, calibration.device().get());
    }
    return interrupt.isRaised() ? ExitStatus.INTERRUPTED : ExitStatus.GOOD;
  }

  /** Not to be able to write is no news for the end of long work. */
  private void requireFolder() throws IOException {
    if (output == null) {
      return;
    }
    if (Files.isDirectory(output)) {
      throw new CalibrationException("--output " + output + ": is a folder; name a file in it");
    }
    Path folder = output.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw new CalibrationException("--output " + output + ": there is no folder " + folder);
    }
  }

  private String notWritten() {
    return output == null ? "" : ", and " + output + " is not written";
  }

  private void check(Calibration calibration, DeviceFit fit)
      throws ScenarioException, RefusedRunException, InterruptedException {
    SimulatedSweep sweep =
        new SimulatedSweep(policies, interrupt, MachineFile.text(calibration, ""));
    List<SimulatedSweep.Cell> cells;
    try (Progress progress = new Progress(console)) {
      cells =
          sweep.run(
              fit.cells(),
              cell ->
                  progress.tell(
                      () ->
                          "%s of %d KiB at depth %d"
                              .formatted(cell.op().word(), cell.sizeBytes() / 1024, cell.depth())));
    }
    console.out().print(new FitText(console).of(cells));
  }

  private Calibrator read(TraceProgress progress) throws IOException {
    Calibrator calibrator = new Calibrator(Optional.ofNullable(device), progress);
    for (Map.Entry<String, String> entry : stated.entrySet()) {
      calibrator.state(entry.getKey(), entry.getValue());
    }
    for (Path file : files) {
      if (interrupt.isRaised()) {
        throw new CalibrationException(file + ": was not read, as it was interrupted");
      }
      calibrator.add(file);
    }
    return calibrator;
  }

  /** What was typed, in one order. */
  private String command() {
    List<String> words = new ArrayList<>(List.of("deferlab", "calibrate"));
    files.forEach(file -> words.add(file.toString()));
    if (device != null) {
      words.addAll(List.of("--device", device));
    }
    stated.forEach((key, value) -> words.addAll(List.of("--set", key + "=" + value)));
    words.addAll(List.of("-o", output.toString()));
    return String.join(" ", words);
  }
}
