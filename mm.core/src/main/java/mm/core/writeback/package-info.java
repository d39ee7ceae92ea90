/** Dirty state beyond the folio: backing devices, flushers, dirty thresholds and throttling. */
@Export
@Version("1.1.0")
package mm.core.writeback;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
