/**
 * The page cache: folios, address spaces, LRU lists and what is counted about them.
 *
 * <p>All state of a run hangs on one {@link mm.core.FolioStore}. A folio is an {@code int} handle
 * into it, and never an object: a run may hold tens of millions of them.
 */
@Export
@Version("1.2.0")
package mm.core;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
