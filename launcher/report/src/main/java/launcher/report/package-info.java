/** Folds a trace into tables and files. */
@Export
@Version("0.5.0")
package launcher.report;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
