/** Direct I/O: data between user memory and a device, past the page cache. */
@Export
@Version("1.2.0")
package block.bio.direct;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
