/** The timer wheel and high-resolution timers. */
@Export
@Version("1.1.0")
package sim.kernel.time;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
