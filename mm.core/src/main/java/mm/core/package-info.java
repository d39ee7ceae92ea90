/** Folios, address spaces and the page cache. */
@Export
@Version("0.1.0")
package mm.core;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
