/**
 * Writeback of DONTCACHE writes: who submits it, and when?
 *
 * <p>A bundle adds a policy by registering a {@link mm.core.spi.writeback.WritebackPolicy} service
 * with a {@link sim.kernel.spi.PolicyId}.
 */
@Export
@Version("1.1.0")
package mm.core.spi.writeback;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
