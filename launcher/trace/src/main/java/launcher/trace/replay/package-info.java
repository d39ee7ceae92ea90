/**
 * Makes of a trace what was asked for, at the times it was asked: operations on files or a device,
 * to be played again elsewhere.
 */
@Export
@Version("0.1.0")
package launcher.trace.replay;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
