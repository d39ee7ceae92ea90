/** Commands about recorded traces. */
package launcher.cli.trace;
