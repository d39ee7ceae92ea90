/** Values with positions, and reading them strictly: what scenarios and validations are read by. */
@Export
@Version("0.1.0")
package launcher.scenario.tree;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
