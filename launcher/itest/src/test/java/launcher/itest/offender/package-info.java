/** Policies that the program does not have, and should not. */
package launcher.itest.offender;
