/** Workqueues, delayed work and kthread workers. */
@Export
@Version("1.1.0")
package sim.kernel.workqueue;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
