/** The iomap and ioend completion path. */
@Export
@Version("0.2.0")
package fs.iomap;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
