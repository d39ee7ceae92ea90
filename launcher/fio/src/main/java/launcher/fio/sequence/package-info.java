/** The I/O that a job issues, operation by operation, as fio would draw it. */
@Export
@Version("0.1.0")
package launcher.fio.sequence;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
