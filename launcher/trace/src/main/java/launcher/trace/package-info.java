/**
 * Reads recorded traces as streams: ftrace text, blkparse text, blktrace binary, fio iologs, tables
 * of requests; plain or compressed by gzip.
 *
 * <p>{@link launcher.trace.TraceReader} finds out what a file is, and gives each record to a {@link
 * launcher.trace.TraceVisitor}. Nothing is kept but names, so a file's size does not matter.
 */
@Export
@Version("0.1.0")
package launcher.trace;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
