/**
 * Dropbehind of folios: who drops a folio whose writeback ended in atomic context, where the bio
 * level does not?
 *
 * <p>A bundle adds a policy by registering a {@link mm.core.spi.dropbehind.DropbehindPolicy}
 * service with a {@link sim.kernel.spi.PolicyId}. A run without one leaves such folios cached, as
 * kernels 6.15 to 7.2 do.
 */
@Export
@Version("1.1.0")
package mm.core.spi.dropbehind;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
