/** Files mapped into processes: who maps a folio, faults, and the TLBs that have to be flushed. */
@Export
@Version("1.2.0")
package mm.core.mmap;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
