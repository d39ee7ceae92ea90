/** The command that does random things to a run and asks whether anything was lost. */
package launcher.cli.check;
