/** The framework's policies. */
package launcher.scenario.internal.directory;
