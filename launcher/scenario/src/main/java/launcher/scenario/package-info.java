/** Reads a scenario and composes a run from it. */
@Export
@Version("0.5.0")
package launcher.scenario;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
