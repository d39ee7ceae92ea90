package sim.kernel.machine;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** A machine to simulate: its CPUs, its kernel's build and what each operation costs. Immutable. */
public final class MachineProfile {
  /** The largest number of CPUs, as {@code CONFIG_NR_CPUS} of a distribution's kernel. */
  public static final int CPUS_MAX = 8192;

  private static final long COST_NS_MAX = 1_000_000_000_000L;

  private final int cpus;
  private final int cpusPerCache;
  private final KernelBuild build;
  private final long[] costNs;

  private MachineProfile(int cpus, int cpusPerCache, KernelBuild build, long[] costNs) {
    if (cpus < 1 || cpus > CPUS_MAX) {
      throw new IllegalArgumentException("cpus is " + cpus + "; it must be from 1 to " + CPUS_MAX);
    }
    if (cpusPerCache < 1) {
      throw new IllegalArgumentException(
          "cpus-per-cache is " + cpusPerCache + "; it must be at least 1");
    }
    this.cpus = cpus;
    this.cpusPerCache = cpusPerCache;
    this.build = Objects.requireNonNull(build, "build");
    this.costNs = costNs;
  }

  /**
   * A machine of {@code cpus} CPUs under one last-level cache, the default kernel build and default
   * costs.
   */
  public static MachineProfile ofCpus(int cpus) {
    long[] costs = new long[Cost.values().length];
    for (Cost cost : Cost.values()) {
      costs[cost.ordinal()] = cost.defaultNs();
    }
    return new MachineProfile(cpus, cpus < 1 ? 1 : cpus, KernelBuild.DEFAULT, costs);
  }

  /** This machine with another kernel. */
  public MachineProfile with(KernelBuild other) {
    return new MachineProfile(cpus, cpusPerCache, other, costNs);
  }

  /** This machine with last-level caches shared by {@code count} neighbouring CPUs each. */
  public MachineProfile withCpusPerCache(int count) {
    return new MachineProfile(cpus, count, build, costNs);
  }

  /**
   * This machine with another duration for one operation.
   *
   * @param ns virtual nanoseconds, 0 to 1000 s
   */
  public MachineProfile with(Cost cost, long ns) {
    if (ns < 0 || ns > COST_NS_MAX) {
      throw new IllegalArgumentException(
          cost.key() + " is " + ns + " ns; it must be from 0 to " + COST_NS_MAX);
    }
    long[] costs = costNs.clone();
    costs[cost.ordinal()] = ns;
    return new MachineProfile(cpus, cpusPerCache, build, costs);
  }

  /** This machine with every operation free: what tests of pure order use. */
  public MachineProfile withoutCosts() {
    return new MachineProfile(cpus, cpusPerCache, build, new long[costNs.length]);
  }

  /** Number of CPUs, numbered from 0. */
  public int cpus() {
    return cpus;
  }

  /** Whether two CPUs share their last-level cache ({@code cpus_share_cache}). */
  public boolean shareCache(int cpu, int otherCpu) {
    return cpu / cpusPerCache == otherCpu / cpusPerCache;
  }

  /** Neighbouring CPUs under one last-level cache. */
  public int cpusPerCache() {
    return cpusPerCache;
  }

  /** The kernel that runs on it. */
  public KernelBuild build() {
    return build;
  }

  /** Virtual nanoseconds of one operation. */
  public long ns(Cost cost) {
    return costNs[cost.ordinal()];
  }

  /** All durations, in the order of {@link Cost}. */
  public Map<Cost, Long> costs() {
    Map<Cost, Long> costs = new EnumMap<>(Cost.class);
    for (Cost cost : Cost.values()) {
      costs.put(cost, costNs[cost.ordinal()]);
    }
    return costs;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MachineProfile that
        && cpus == that.cpus
        && cpusPerCache == that.cpusPerCache
        && build.equals(that.build)
        && Arrays.equals(costNs, that.costNs);
  }

  @Override
  public int hashCode() {
    return 31 * cpus + Arrays.hashCode(costNs);
  }
}
