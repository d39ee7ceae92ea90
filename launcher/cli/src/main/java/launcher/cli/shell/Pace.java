package launcher.cli.shell;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options about how a run begins. */
final class Pace {
  @Option(
      names = "--speed",
      paramLabel = "X",
      description = "Virtual seconds a wall second at most, or 'max'; 0.01 by default.")
  private String speed = "0.01";

  @Option(names = "--paused", description = "Begin with the clock stopped at 0.")
  private boolean paused;

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  /**
   * Virtual seconds a wall second.
   *
   * @throws ParameterException that says what would be right
   */
  double limit() {
    try {
      return Speed.parse(speed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--speed: " + e.getMessage());
    }
  }

  boolean isPaused() {
    return paused;
  }

  /** How it begins, in a few words. */
  String text() {
    return paused
        ? "is paused at 0"
        : "runs at " + speed + " virtual seconds a second of wall time";
  }
}
