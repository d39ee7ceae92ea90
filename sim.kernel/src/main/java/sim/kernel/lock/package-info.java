/** Locks as the kernel has them; contention costs virtual time. */
@Export
@Version("1.3.0")
package sim.kernel.lock;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
