package launcher.cli.run;

import java.util.List;
import launcher.scenario.Scenario;

/** Does runs. */
@FunctionalInterface
public interface ScenarioBatch {
  /**
   * Does all of them, beginning with the first.
   *
   * @param digest whether their traces are digested
   * @return in the order of the scenarios, whichever ended first
   */
  List<Attempt> run(List<Scenario> scenarios, boolean digest) throws InterruptedException;
}
