/** Reads fio job files by fio's own rules. */
@Export
@Version("0.1.0")
package launcher.fio;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
