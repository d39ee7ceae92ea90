package launcher.validation;

import launcher.scenario.Scenario;
import launcher.validation.fold.Observation;

/**
 * A run whose figures are compared.
 *
 * @param name unique in its validation
 * @param scenario what is run
 * @param observation when the measurement looked at what is there
 */
public record ValidationRun(String name, Scenario scenario, Observation observation) {}
