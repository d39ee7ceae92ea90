/** The simulated machine that all layers run on. */
@Export
@Version("0.1.0")
package sim.kernel;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
