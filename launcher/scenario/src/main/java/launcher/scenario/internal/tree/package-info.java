/** Values with positions, and reading them strictly. */
package launcher.scenario.internal.tree;
