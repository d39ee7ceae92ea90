/** What the run watches itself for. */
@Export
@Version("1.3.0")
package sim.kernel.check;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
