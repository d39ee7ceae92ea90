package fs.iomap;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * What a run that watches itself costs: two machines of {@link DontcacheWritePathBenchmark}, one
 * watched and one not, take turns of 65,536 folios in one JVM. Each pair of turns gives a ratio of
 * CPU times; what disturbs both alike is not in it. Prints the quartiles of the ratios at the end.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 10)
@Measurement(iterations = 40)
@Fork(1)
@State(Scope.Thread)
public class SanitizerCostBenchmark {
  /** Who has it written. */
  @Param({"inline", "kick"})
  public String writeback;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final DontcacheWritePathBenchmark.CpuTime ignored =
      new DontcacheWritePathBenchmark.CpuTime();
  private final DontcacheWritePathBenchmark watched = new DontcacheWritePathBenchmark();
  private final DontcacheWritePathBenchmark unwatched = new DontcacheWritePathBenchmark();
  private final List<Double> ratios = new ArrayList<>();
  private int warmUps;
  private boolean watchedFirst;

  /** Makes both machines. */
  @Setup
  public void setUp(BenchmarkParams params) {
    warmUps = params.getWarmup().getCount();
    watched.writeback = writeback;
    watched.sanitizers = "on";
    watched.setUp();
    unwatched.writeback = writeback;
    unwatched.sanitizers = "off";
    unwatched.setUp();
  }

  /** One turn of each; who is first changes each time. */
  @Benchmark
  public double pair() {
    watchedFirst = !watchedFirst;
    long firstNs = cpuNsOf(watchedFirst ? watched : unwatched);
    long secondNs = cpuNsOf(watchedFirst ? unwatched : watched);
    double ratio = (double) firstNs / secondNs;
    ratios.add(watchedFirst ? ratio : 1 / ratio);
    return ratio;
  }

  private long cpuNsOf(DontcacheWritePathBenchmark machine) {
    long beginNs = threads.getCurrentThreadCpuTime();
    machine.folio(ignored);
    return threads.getCurrentThreadCpuTime() - beginNs;
  }

  /** Prints the quartiles of all measured pairs. */
  @TearDown(Level.Trial)
  public void print() {
    List<Double> measured = new ArrayList<>(ratios.subList(warmUps, ratios.size()));
    Collections.sort(measured);
    int n = measured.size();
    System.out.printf(
        "%n%s: watched / unwatched, %d pairs: quartiles %.3f %.3f %.3f, least %.3f, most %.3f%n",
        writeback,
        n,
        measured.get(n / 4),
        measured.get(n / 2),
        measured.get(3 * n / 4),
        measured.get(0),
        measured.get(n - 1));
  }
}
