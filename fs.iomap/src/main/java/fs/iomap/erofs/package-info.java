/**
 * An EROFS-like file system: read-only, compressed in clusters, on a block device or on dm-verity.
 */
@Export
@Version("0.1.0")
package fs.iomap.erofs;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
