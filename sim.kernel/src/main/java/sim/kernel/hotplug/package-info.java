/** CPU hotplug states. */
@Export
@Version("1.2.0")
package sim.kernel.hotplug;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
