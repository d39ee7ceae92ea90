/** Reading and writing files through the page cache: calls as a task makes them. */
@Export
@Version("1.1.0")
package mm.core.file;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
