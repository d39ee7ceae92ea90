/** The command that runs one input, and what it prints. */
package launcher.cli.run;
