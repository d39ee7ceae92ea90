/** What was measured, what a run predicts for it, and whether the two are near enough. */
@Export
@Version("0.1.0")
package launcher.validation;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
