/** Reads the sections of a scenario. */
package launcher.scenario.internal.read;
