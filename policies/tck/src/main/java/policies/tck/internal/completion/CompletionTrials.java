package policies.tck.internal.completion;

import block.bio.spi.completion.CompletionPolicy;
import java.util.List;
import java.util.stream.Stream;
import policies.tck.internal.CommonRules;
import policies.tck.internal.Findings;
import policies.tck.internal.Trial;
import policies.tck.internal.TrialMachine;
import policies.tck.internal.deferral.DeferralTrials;
import sim.kernel.machine.KernelBuild;

/** The trials of completion policies. */
public final class CompletionTrials {
  /** The rules. */
  public static final CommonRules COMMON = CompletionRules.BY_SUBJECT.common();

  /** On PREEMPT_RT too, where a device's bios complete in a thread with softirqs disabled. */
  private static final List<KernelBuild> BUILDS =
      Stream.concat(DeferralTrials.BUILDS.stream(), Stream.of(TrialMachine.RT)).toList();

  private CompletionTrials() {}

  /** All trials. */
  public static List<Trial<CompletionPolicy>> all() {
    return new DeferralTrials<>(
            CompletionRules.BY_SUBJECT,
            BUILDS,
            (build, bios, findings) -> new CompletionBench(build, findings))
        .with(
            List.of(
                new Trial<>(
                    COMMON, List.of(CompletionRules.WANTS_ATOMIC), CompletionTrials::contexts)));
  }

  /** Completion in every context that a kernel has. */
  private static void contexts(CompletionPolicy policy, Findings findings) {
    for (KernelBuild build : BUILDS) {
      findings.at(DeferralTrials.place("contexts", build));
      CompletionBench bench = new CompletionBench(build, findings);
      bench.use(policy);
      bench.completeInInterruptAt(10_000, 0);
      bench.completeInTaskAt(100_000, 1, x -> {}, x -> {});
      bench.completeInTaskAt(200_000, 1, x -> x.preemptDisable(), x -> x.preemptEnable());
      bench.completeInTaskAt(300_000, 1, x -> x.irqDisable(), x -> x.irqEnable());
      bench.completeInTaskAt(400_000, 1, x -> x.bhDisable(), x -> x.bhEnable());
      bench.completeInTaskAt(500_000, 1, x -> x.rcuReadLock(), x -> x.rcuReadUnlock());
      bench.finish();
    }
  }
}
