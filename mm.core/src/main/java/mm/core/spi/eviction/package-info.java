/**
 * Eviction of mapped folios: when are dropped folios unmapped and the TLBs flushed?
 *
 * <p>A bundle adds a policy by registering an {@link mm.core.spi.eviction.EvictionPolicy} service
 * with a {@link sim.kernel.spi.PolicyId}.
 */
@Export
@Version("2.0.0")
package mm.core.spi.eviction;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
