/** A job as fio would run it: every default applied, every clone on its own, every unit fixed. */
@Export
@Version("0.1.0")
package launcher.fio.job;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
