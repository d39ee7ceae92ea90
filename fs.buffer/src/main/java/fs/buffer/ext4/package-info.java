/**
 * An ext4-like file system: extents, delayed allocation, bios of its own for contiguous dirty
 * folios, unwritten extents that a work item converts, and a journal that may be left out.
 */
@Export
@Version("0.1.0")
package fs.buffer.ext4;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
