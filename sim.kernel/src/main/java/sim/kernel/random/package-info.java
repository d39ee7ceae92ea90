/** Chance, from named streams of one seed. */
@Export
@Version("1.0.0")
package sim.kernel.random;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
