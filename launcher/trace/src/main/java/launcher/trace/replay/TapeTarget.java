package launcher.trace.replay;

/**
 * A file or device that operations of a tape are on.
 *
 * @param name as the trace has it
 * @param sizeBytes the end of what lies last
 * @param read whether anything is read
 * @param written whether anything is written
 */
public record TapeTarget(String name, long sizeBytes, boolean read, boolean written) {}
