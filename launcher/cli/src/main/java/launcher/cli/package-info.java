/** The command line. */
package launcher.cli;
