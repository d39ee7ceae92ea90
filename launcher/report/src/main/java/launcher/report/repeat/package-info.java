/** What several runs come to that differ by their seed only: medians, intervals, differences. */
@Export
@Version("0.1.0")
package launcher.report.repeat;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
