package launcher.fio.job;

import java.util.List;
import java.util.Optional;

/**
 * Where and how a job's thread runs.
 *
 * @param cpus CPUs it may run on, ascending; empty for all. With {@code cpus_allowed_policy=split}
 *     already narrowed to this clone's one
 * @param nice -20 to 19
 * @param cgroup {@code cgroup}: the control group it is put into
 * @param cgroupWeight 100 to 1000; 0 if not given
 */
public record Scheduling(List<Integer> cpus, int nice, Optional<String> cgroup, int cgroupWeight) {
  /** Copies the list. */
  public Scheduling {
    cpus = List.copyOf(cpus);
  }
}
