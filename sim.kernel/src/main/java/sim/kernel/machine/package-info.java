/** The machine to simulate: CPUs, kernel build, costs. */
@Export
@Version("1.2.0")
package sim.kernel.machine;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
