package launcher.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import launcher.scenario.Setting;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class ScenarioOptionsTest {
  @Command(name = "c")
  private static final class Holder {
    @Mixin private ScenarioOptions options;
  }

  private static List<Setting> settings(List<Setting> more, String... args) {
    Holder holder = new Holder();
    new CommandLine(holder).parseArgs(args);
    return holder.options.settings(more);
  }

  @Test
  void eachOptionIsAKeyOfAScenario() {
    assertEquals(
        List.of(
            new Setting("era", "E3", "--era"),
            new Setting("machine", "laptop", "--machine"),
            new Setting("device", "hdd", "--device"),
            new Setting("seed", "7", "--seed"),
            new Setting("filesystem.type", "ext2-like", "--fs"),
            new Setting("memory.size", "1 GiB", "--memory"),
            new Setting("machine.cpus", "2", "--cpus"),
            new Setting("policies.completion", "skip", "--policy"),
            new Setting("machine.hz", "1000", "--set")),
        settings(
            List.of(),
            "--set=machine.hz=1000",
            "--policy=completion=skip",
            "--cpus=2",
            "--memory=1 GiB",
            "--fs=ext2-like",
            "--seed=7",
            "--device=hdd",
            "--machine=laptop",
            "--era=E3"));
  }

  @Test
  void aWholeSectionComesBeforeAKeyInIt() {
    // Else the machine of the variant would take the CPUs of the option away again.
    List<Setting> merged =
        settings(List.of(new Setting("machine", "laptop", "--vary machine")), "--cpus=2");
    assertEquals(List.of("machine", "machine.cpus"), merged.stream().map(Setting::key).toList());
  }

  @Test
  void whatIsSetTwiceIsRefused() {
    assertEquals(
        "--set: machine.cpus is set twice; remove one of the options",
        assertThrows(
                ParameterException.class,
                () -> settings(List.of(), "--cpus=2", "--set=machine.cpus=4"))
            .getMessage());
    assertEquals(
        "--vary completion: policies.completion is set twice; remove one of the options",
        assertThrows(
                ParameterException.class,
                () ->
                    settings(
                        List.of(new Setting("policies.completion", "skip", "--vary completion")),
                        "--policy=completion=ideal"))
            .getMessage());
  }

  @Test
  void aPairWithoutBothSidesIsRefused() {
    for (String pair : List.of("completion", "completion=", "=skip")) {
      assertEquals(
          "--policy: '" + pair + "'; it must be FAMILY=NAME",
          assertThrows(ParameterException.class, () -> settings(List.of(), "--policy", pair))
              .getMessage());
    }
  }
}
