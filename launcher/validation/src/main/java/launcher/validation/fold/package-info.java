/** Counts what a tracer of a real kernel would count, by the names of the measurements. */
@Export
@Version("0.1.0")
package launcher.validation.fold;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
