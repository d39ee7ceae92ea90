/** {@code deferlab new-policy}: the beginning of a policy in a repository of its own. */
package launcher.cli.author;
