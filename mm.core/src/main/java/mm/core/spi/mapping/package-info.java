/**
 * What a file system offers to the page cache: {@link mm.core.spi.mapping.AddressSpaceOperations},
 * and the requests that go with its calls.
 */
@Export
@Version("1.3.0")
package mm.core.spi.mapping;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
