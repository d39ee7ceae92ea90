package launcher.scenario.internal.read;

import launcher.scenario.Unit;
import launcher.scenario.tree.Section;
import sim.kernel.machine.Cost;
import sim.kernel.machine.KernelBuild;
import sim.kernel.machine.MachineProfile;
import sim.kernel.machine.PreemptModel;

/** Reads the {@code machine} section. */
final class MachineReader {
  static final int CPUS_DEFAULT = 4;
  private static final int CPUS_MAX = 1024;
  private static final long COST_NS_MAX = 1_000_000_000_000L;
  private static final String HZ_WORDS = "100, 250, 300 or 1000";

  private MachineReader() {}

  static MachineProfile read(Section section) {
    int cpus = (int) section.number("cpus", Unit.COUNT, 1, CPUS_MAX).orElse(CPUS_DEFAULT);
    MachineProfile machine = MachineProfile.ofCpus(cpus);
    int perCache = (int) section.number("cpus-per-cache", Unit.COUNT, 1, CPUS_MAX).orElse(cpus);
    machine = machine.withCpusPerCache(perCache).with(build(section));
    for (Cost cost : Cost.values()) {
      long ns =
          section.number(cost.key(), Unit.NANOSECONDS, 0, COST_NS_MAX).orElse(cost.defaultNs());
      machine = machine.with(cost, ns);
    }
    section.refuseUnknown();
    return machine;
  }

  private static KernelBuild build(Section section) {
    KernelBuild usual = KernelBuild.DEFAULT;
    PreemptModel preempt = section.word("preempt", PreemptModel.class).orElse(usual.preempt());
    boolean dynamic = section.flag("preempt-dynamic").orElse(usual.preemptDynamic());
    boolean debug = section.flag("debug-atomic-sleep").orElse(usual.debugAtomicSleep());
    int hz = (int) section.number("hz", Unit.COUNT, 1, 1000).orElse(usual.hz());
    try {
      return new KernelBuild(preempt, dynamic, debug, hz);
    } catch (IllegalArgumentException e) {
      section.wrong("hz", "'" + hz + "'; it must be " + HZ_WORDS);
      return usual;
    }
  }
}
