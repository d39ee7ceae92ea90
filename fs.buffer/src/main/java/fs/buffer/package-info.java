/** The buffer_head completion path. */
@Export
@Version("0.1.0")
package fs.buffer;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
