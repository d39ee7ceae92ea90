/** Bios, request queues and the completion path. */
@Export
@Version("1.2.0")
package block.bio;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
