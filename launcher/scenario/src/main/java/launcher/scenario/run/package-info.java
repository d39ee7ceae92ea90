/**
 * One run of a scenario: its composition, control, journal and end; and a run on a thread of its
 * own, reached through a mailbox.
 */
@Export
@Version("0.2.0")
package launcher.scenario.run;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
