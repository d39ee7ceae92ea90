/** Policies that break a rule each, in a package of their own, by which a run knows their code. */
package launcher.scenario.run.testing.offenders;
