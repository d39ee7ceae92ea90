/** {@code deferlab tck}: policies examined by the rules of their family. */
package launcher.cli.tck;
