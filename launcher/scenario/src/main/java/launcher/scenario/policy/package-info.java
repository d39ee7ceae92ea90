/** Policies as a run sees them: families, and where a policy of an id is found. */
@Export
@Version("0.2.0")
package launcher.scenario.policy;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
