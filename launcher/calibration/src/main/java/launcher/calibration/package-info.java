/** Fits a machine's costs and a device's latencies to what was measured of a real one. */
@Export
@Version("0.1.0")
package launcher.calibration;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
