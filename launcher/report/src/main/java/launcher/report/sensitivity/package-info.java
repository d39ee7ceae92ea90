/** What a result hangs on: how figures move when costs are varied. */
@Export
@Version("0.1.0")
package launcher.report.sensitivity;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
