package launcher.fio.job;

/**
 * Which job this is among all of a command line.
 *
 * @param name as in fio's output; need not be unique
 * @param file the job file, as named by the caller
 * @param line the line of its section header, counted from 1
 * @param cloneIndex fio's {@code $jobnum}: 0 for the section itself, 1 to numjobs - 1 for its
 *     clones
 * @param threadNumber counted from 1 in order of creation, over all files; fio's random streams are
 *     seeded with it
 * @param groupId reporting group, counted from 0
 */
public record JobIdentity(
    String name, String file, int line, int cloneIndex, int threadNumber, int groupId) {}
