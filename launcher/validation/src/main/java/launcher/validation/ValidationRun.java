package launcher.validation;

import launcher.scenario.Scenario;

/**
 * A run whose figures are compared.
 *
 * @param name unique in its validation
 * @param scenario what is run
 * @param exitDelayNs time from the exit of the last job's task to the look at what it left behind
 * @param traceAfterNs time from that exit to the end of the trace
 */
public record ValidationRun(String name, Scenario scenario, long exitDelayNs, long traceAfterNs) {}
