package sim.kernel;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Trace;

/** Steps a wall second: one task alone, and tasks on several CPUs whose steps interleave. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StepBenchmark {
  private static final int STEPS = 1 << 16;

  /** CPUs with a busy task each. */
  @Param({"1", "4", "64"})
  public int cpus;

  private Machine machine;

  /** Tasks that charge 100 ns a step for ever. */
  @Setup
  public void spawn() {
    machine = new Machine(MachineProfile.ofCpus(cpus), 1, new Trace());
    for (int cpu = 0; cpu < cpus; cpu++) {
      Step[] loop = new Step[1];
      loop[0] =
          x -> {
            x.then(loop[0]);
            x.charge(100);
          };
      machine.spawn("busy", CpuMask.of(cpu), loop[0]);
    }
  }

  /** Steps of all tasks. */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public void steps() {
    machine.runUntil(machine.nowNs() + STEPS * 100L / cpus);
  }
}
