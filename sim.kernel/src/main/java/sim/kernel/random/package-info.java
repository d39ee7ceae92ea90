/**
 * Chance, as named streams of one seed.
 *
 * <p>Each use of chance has a stream of its own, such as {@code streams.named("device.latency")},
 * so that a new user shifts nobody else's numbers, and variants of one scenario that are compared
 * meet the same arrivals and the same device times.
 */
@Export
@Version("1.0.0")
package sim.kernel.random;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
