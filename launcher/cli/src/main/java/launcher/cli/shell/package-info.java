/** The command that runs one input live in the framework, and the shell's own commands. */
package launcher.cli.shell;
