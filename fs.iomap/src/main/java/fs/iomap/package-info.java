/** The iomap and ioend completion path. */
@Export
@Version("0.1.0")
package fs.iomap;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
