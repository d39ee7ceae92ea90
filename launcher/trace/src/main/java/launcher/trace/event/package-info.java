/**
 * What a record of a trace says. The objects are views of the line that is being read: they hold
 * until the visitor's method returns, and are the same objects for each line.
 */
@Export
@Version("0.1.0")
package launcher.trace.event;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
