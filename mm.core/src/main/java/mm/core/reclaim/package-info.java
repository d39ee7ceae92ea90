/** Memory: how much there is, who is charged for it, and how it is got back. */
@Export
@Version("1.3.0")
package mm.core.reclaim;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
