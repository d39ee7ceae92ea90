/** The command that says what a result hangs on. */
package launcher.cli.sensitivity;
