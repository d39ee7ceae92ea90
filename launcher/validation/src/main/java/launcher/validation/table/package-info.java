/** Judged figures as text, JSON, Markdown and HTML. */
@Export
@Version("0.1.0")
package launcher.validation.table;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
