package launcher.fio.job;

/**
 * How much a job issues, and from where on. Each clone has this much of its own.
 *
 * @param size {@code size}: the region, over all files; none: as large as the files are
 * @param ioSize {@code io_size}: bytes to issue; none: as much as {@code size}
 * @param offset start of the region in each file
 * @param offsetIncrement added to {@code offset} once per clone index
 * @param offsetAlignBytes percent offsets are rounded up to this; 0: to the smallest block size
 * @param numberIos I/Os after which one loop ends; 0 for no limit
 * @param loops how often the whole is repeated; at least 1
 */
public record JobSize(
    Amount size,
    Amount ioSize,
    Amount offset,
    Amount offsetIncrement,
    long offsetAlignBytes,
    long numberIos,
    int loops) {}
