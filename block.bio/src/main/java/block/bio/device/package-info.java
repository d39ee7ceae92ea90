/** What a block device is like: its kind, its limits and how long things take. */
@Export
@Version("1.2.0")
package block.bio.device;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
