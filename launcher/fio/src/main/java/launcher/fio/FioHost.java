package launcher.fio;

import java.util.Optional;
import java.util.function.Function;

/**
 * The machine that a job file is read for.
 *
 * @param cpus for {@code $ncpus}, and the bound of {@code cpus_allowed}
 * @param memoryMib for {@code $mb_memory}
 * @param pageSizeBytes for {@code $pagesize}
 * @param environment for {@code ${NAME}}; an empty result counts as an empty text
 */
public record FioHost(
    int cpus, long memoryMib, int pageSizeBytes, Function<String, Optional<String>> environment) {}
