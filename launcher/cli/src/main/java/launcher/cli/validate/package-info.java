/** {@code deferlab validate}: what was measured beside what is predicted. */
package launcher.cli.validate;
