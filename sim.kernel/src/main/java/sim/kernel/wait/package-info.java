/** Wait queues. */
@Export
@Version("1.0.0")
package sim.kernel.wait;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
