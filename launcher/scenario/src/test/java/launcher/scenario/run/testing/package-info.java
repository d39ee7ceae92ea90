/** Policies for tests of runs, outside of the package of the runs themselves. */
package launcher.scenario.run.testing;
