/** The command that runs one input in variants and sets them side by side. */
package launcher.cli.compare;
