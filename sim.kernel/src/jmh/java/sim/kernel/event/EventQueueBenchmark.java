package sim.kernel.event;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
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
import umontreal.ssj.simevents.Event;
import umontreal.ssj.simevents.Simulator;

/**
 * The hold model: each event that fires schedules its successor, so that the number of pending
 * events stays. Gaps are exponential with a mean of one millisecond, the same for all queues.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
public class EventQueueBenchmark {
  private static final int EVENTS = 1 << 12;
  private static final int GAPS = 1 << 16;
  private static final double MEAN_NS = 1_000_000;

  /** Gaps from a table, so that chance costs next to nothing. */
  private static final class Gaps {
    private final long[] ns = new long[GAPS];
    private int next;

    Gaps() {
      SplittableRandom random = new SplittableRandom(1);
      for (int i = 0; i < GAPS; i++) {
        ns[i] = (long) (-Math.log(1 - random.nextDouble()) * MEAN_NS);
      }
    }

    long next() {
      return ns[next++ & GAPS - 1];
    }
  }

  /** Ours, whose events can be cancelled. */
  @State(Scope.Benchmark)
  public static class Ours {
    /** Pending events. */
    @Param({"100", "10000", "1000000"})
    public int pending;

    private final Gaps gaps = new Gaps();
    private EventQueue queue;

    /** Schedules the first events. */
    @Setup
    public void fill() {
      queue = new EventQueue();
      EventHandler[] hold = new EventHandler[1];
      hold[0] = arg -> queue.schedule(queue.nowNs() + gaps.next(), hold[0], arg);
      for (int i = 0; i < pending; i++) {
        queue.schedule(gaps.next(), hold[0], i);
      }
    }
  }

  /** Ours. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void eventQueue(Ours state) {
    for (int i = 0; i < EVENTS; i++) {
      state.queue.fireNext();
    }
  }

  /** Ours, as a driver with time-outs uses it: each event also moves a later one. */
  @State(Scope.Benchmark)
  public static class Cancelling {
    /** Pending events. */
    @Param({"100", "10000", "1000000"})
    public int pending;

    private final Gaps gaps = new Gaps();
    private EventQueue queue;
    private long[] timeOuts;

    /** Half of the events fire, half are time-outs that never do. */
    @Setup
    public void fill() {
      queue = new EventQueue();
      timeOuts = new long[pending / 2];
      EventHandler never =
          arg -> {
            throw new IllegalStateException("a time-out that was always moved has fired");
          };
      EventHandler[] hold = new EventHandler[1];
      hold[0] =
          arg -> {
            queue.cancel(timeOuts[(int) arg]);
            timeOuts[(int) arg] = queue.schedule(queue.nowNs() + 30_000_000_000L, never, arg);
            queue.schedule(queue.nowNs() + gaps.next(), hold[0], arg);
          };
      for (int i = 0; i < pending / 2; i++) {
        timeOuts[i] = queue.schedule(30_000_000_000L, never, i);
        queue.schedule(gaps.next(), hold[0], i);
      }
    }
  }

  /** Ours with a cancelled time-out for each event. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void eventQueueWithTimeOuts(Cancelling state) {
    for (int i = 0; i < EVENTS; i++) {
      state.queue.fireNext();
    }
  }

  /** The hand-written calendar queue. */
  @State(Scope.Benchmark)
  public static class Calendar {
    /** Pending events. */
    @Param({"100", "10000", "1000000"})
    public int pending;

    private final Gaps gaps = new Gaps();
    private CalendarQueue queue;

    /** Schedules the first events. */
    @Setup
    public void fill() {
      queue = new CalendarQueue();
      EventHandler[] hold = new EventHandler[1];
      hold[0] = arg -> queue.schedule(queue.nowNs() + gaps.next(), hold[0], arg);
      for (int i = 0; i < pending; i++) {
        queue.schedule(gaps.next(), hold[0], i);
      }
    }
  }

  /** The hand-written calendar queue. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void calendarQueue(Calendar state) {
    for (int i = 0; i < EVENTS; i++) {
      state.queue.fireNext();
    }
  }

  /** The hand-written heap. */
  @State(Scope.Benchmark)
  public static class Heap {
    /** Pending events. */
    @Param({"100", "10000", "1000000"})
    public int pending;

    private final Gaps gaps = new Gaps();
    private PackedHeap queue;

    /** Schedules the first events. */
    @Setup
    public void fill() {
      queue = new PackedHeap();
      EventHandler[] hold = new EventHandler[1];
      hold[0] = arg -> queue.schedule(queue.nowNs() + gaps.next(), hold[0], arg);
      for (int i = 0; i < pending; i++) {
        queue.schedule(gaps.next(), hold[0], i);
      }
    }
  }

  /** The hand-written heap. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void packedHeap(Heap state) {
    for (int i = 0; i < EVENTS; i++) {
      state.queue.fireNext();
    }
  }

  /** The JDK's queue, of events that are used again and again. */
  @State(Scope.Benchmark)
  public static class Jdk {
    /** Pending events. */
    @Param({"100", "10000", "1000000"})
    public int pending;

    private final Gaps gaps = new Gaps();
    private PriorityQueue<Pending> queue;
    private long sequence;

    /** Schedules the first events. */
    @Setup
    public void fill() {
      queue = new PriorityQueue<>();
      for (int i = 0; i < pending; i++) {
        Pending event = new Pending();
        event.timeNs = gaps.next();
        event.sequence = ++sequence;
        queue.add(event);
      }
    }

    private void fireNext() {
      Pending event = queue.poll();
      event.timeNs += gaps.next();
      event.sequence = ++sequence;
      queue.add(event);
    }
  }

  private static final class Pending implements Comparable<Pending> {
    private long timeNs;
    private long sequence;

    @Override
    public int compareTo(Pending other) {
      int byTime = Long.compare(timeNs, other.timeNs);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  /** The JDK's queue. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void priorityQueue(Jdk state) {
    for (int i = 0; i < EVENTS; i++) {
      state.fireNext();
    }
  }

  /** SSJ with the event list that it comes with, of events that are used again and again. */
  @State(Scope.Benchmark)
  public static class Ssj {
    /** Pending events. */
    @Param({"100", "10000", "1000000"})
    public int pending;

    private final Gaps gaps = new Gaps();
    private Simulator simulator;
    private int left;

    /** Schedules the first events. */
    @Setup
    public void fill() {
      simulator = new Simulator();
      simulator.init();
      for (int i = 0; i < pending; i++) {
        new Hold(this).schedule(gaps.next());
      }
    }
  }

  private static final class Hold extends Event {
    private final Ssj state;

    Hold(Ssj state) {
      super(state.simulator);
      this.state = state;
    }

    @Override
    public void actions() {
      if (--state.left == 0) {
        state.simulator.stop();
      }
      schedule(state.gaps.next());
    }
  }

  /** SSJ. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void ssj(Ssj state) {
    state.left = EVENTS;
    state.simulator.start();
  }
}
