/** What happens in a run, as events of primitives; reports fold them and read nothing else. */
@Export
@Version("1.3.0")
package sim.kernel.trace;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
