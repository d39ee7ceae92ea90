package launcher.scenario.internal.workload;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import launcher.fio.job.FioJob;
import launcher.scenario.MemoryGroup;
import launcher.scenario.MemorySpec;
import launcher.scenario.ProgramCharge;
import mm.core.reclaim.Memcg;
import mm.core.reclaim.Memory;
import mm.core.reclaim.MemorySettings;
import sim.kernel.Task;

/** The memory control group of each job: that which it names, or else that of all others. */
public final class JobGroups {
  private final Memory memory;
  private final Memcg others;
  private final Map<String, Memcg> named = new TreeMap<>();

  private JobGroups(Memory memory, Memcg others) {
    this.memory = memory;
    this.others = others;
  }

  /**
   * Makes the groups of a scenario. Jobs that name none are in the root, or, if {@code
   * memory.limit} is set, in a group of their own with that limit.
   */
  public static JobGroups of(Memory memory, MemorySpec spec) {
    memory.setCgroupVersion(spec.cgroupVersion());
    Memcg others = memory.root();
    if (spec.limitBytes() > 0) {
      others = memory.newMemcg("jobs");
      limit(others, spec.limitBytes(), spec.programs());
    }
    JobGroups groups = new JobGroups(memory, others);
    for (MemoryGroup group : spec.groups()) {
      Memcg memcg = groups.named(group.name());
      if (group.limitBytes() > 0) {
        limit(memcg, group.limitBytes(), group.programs());
      }
    }
    return groups;
  }

  private static void limit(Memcg memcg, long bytes, ProgramCharge programs) {
    memcg.setLimitPages(bytes / MemorySettings.PAGE_BYTES);
    memcg.chargePrograms(
        programs.keptBytes() / MemorySettings.PAGE_BYTES,
        programs.idleFileBytes() / MemorySettings.PAGE_BYTES);
  }

  /** Every job is in one group. */
  static JobGroups allIn(Memory memory, Memcg memcg) {
    return new JobGroups(memory, memcg);
  }

  /** As fio does, makes a group that a job file names and nobody has made. */
  private Memcg named(String name) {
    return named.computeIfAbsent(name, memory::newMemcg);
  }

  /** Puts a task of a job into its group. */
  void put(Task task, FioJob job) {
    Optional<String> name = job.scheduling().cgroup();
    memory.setMemcg(task, name.isEmpty() ? others : named(name.get()));
  }
}
