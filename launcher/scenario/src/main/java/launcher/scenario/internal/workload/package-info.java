/** Turns the jobs of a scenario into simulated tasks, as fio would run them. */
package launcher.scenario.internal.workload;
