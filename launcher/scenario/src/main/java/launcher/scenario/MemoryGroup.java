package launcher.scenario;

/**
 * A memory control group that jobs can be in.
 *
 * @param name what a job's {@code group}, or a job file's {@code cgroup}, calls it
 * @param limitBytes {@code memory.max}; 0 for none
 * @param programs what its programs have charged to it
 */
public record MemoryGroup(String name, long limitBytes, ProgramCharge programs) {}
