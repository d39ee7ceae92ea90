package launcher.cli.trace;

import java.nio.file.Path;
import launcher.trace.TraceReading;
import launcher.trace.TraceSummary;

/**
 * A trace that was read.
 *
 * @param file which
 * @param reading what came of reading it
 * @param summary what it holds
 */
record ReadTrace(Path file, TraceReading reading, TraceSummary summary) {}
