/** What every policy family shares: the policy's id, its kernel source and its refusal. */
@Export
@Version("1.2.0")
package sim.kernel.spi;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
