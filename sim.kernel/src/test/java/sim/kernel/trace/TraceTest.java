package sim.kernel.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TraceTest {
  private final List<String> log = new ArrayList<>();

  /** Writes down what it is told. */
  private final class NotingSink implements TraceSink {
    private final String label;
    private final EnumSet<Tracepoint> interest;

    private NotingSink(String label, EnumSet<Tracepoint> interest) {
      this.label = label;
      this.interest = interest;
    }

    @Override
    public Set<Tracepoint> interest() {
      return interest;
    }

    @Override
    public void event(
        long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e, long f) {
      String fields = " " + a + " " + b + " " + c + " " + d + " " + e + " " + f;
      log.add(label + " " + timeNs + " " + cpu + " " + type + fields);
    }

    @Override
    public void name(int id, String name) {
      log.add(label + " name " + id + " " + name);
    }

    @Override
    public void end(long timeNs) {
      log.add(label + " end " + timeNs);
    }
  }

  @Test
  void anEventCarriesAsManyValuesAsItsTracepointHasFields() {
    Trace trace = traceTo(EnumSet.allOf(Tracepoint.class));
    trace.emit(100, 0, Tracepoint.FOLIO_DROP, 1);
    trace.emit(100, 1, Tracepoint.FOLIO_KEEP, 1, 2);
    trace.emit(200, -1, Tracepoint.CACHE_LEVEL, 1, 2, 3);
    trace.emit(200, 2, Tracepoint.BIO_END, 1, 2, 3, 4);
    trace.emit(200, 3, Tracepoint.IO_COMPLETE, 1, 2, 3, 4, 5);
    trace.emit(200, 3, Tracepoint.IO_SUBMIT, 1, 2, 3, 4, 5, 6);
    assertEquals(
        List.of(
            "s 100 0 FOLIO_DROP 1 0 0 0 0 0",
            "s 100 1 FOLIO_KEEP 1 2 0 0 0 0",
            "s 200 -1 CACHE_LEVEL 1 2 3 0 0 0",
            "s 200 2 BIO_END 1 2 3 4 0 0",
            "s 200 3 IO_COMPLETE 1 2 3 4 5 0",
            "s 200 3 IO_SUBMIT 1 2 3 4 5 6"),
        log);
  }

  @Test
  void anotherNumberOfValuesIsRefused() {
    Trace trace = traceTo(EnumSet.allOf(Tracepoint.class));
    assertThrows(
        IllegalArgumentException.class, () -> trace.emit(100, 0, Tracepoint.SOFTIRQ_RAISE, 4, 0));
    assertThrows(
        IllegalArgumentException.class, () -> trace.emit(100, 0, Tracepoint.SOFTIRQ_RAISE));
    assertEquals(List.of(), log);
  }

  @Test
  void aTracepointIsEnabledIfAnySinkWantsItAndGoesToThatSinkOnly() {
    Trace trace = new Trace();
    assertFalse(trace.enabled(Tracepoint.SOFTIRQ_RAISE));
    trace.addSink(new NotingSink("one", EnumSet.of(Tracepoint.SOFTIRQ_RAISE)));
    trace.addSink(new NotingSink("two", EnumSet.of(Tracepoint.BLOCK_UNPLUG)));
    assertTrue(trace.enabled(Tracepoint.SOFTIRQ_RAISE));
    assertTrue(trace.enabled(Tracepoint.BLOCK_UNPLUG));
    assertFalse(trace.enabled(Tracepoint.CPU_TIME));
    trace.emit(100, 0, Tracepoint.SOFTIRQ_RAISE, 4);
    trace.emit(100, 0, Tracepoint.BLOCK_UNPLUG, 5, 6);
    trace.emit(100, 0, Tracepoint.CPU_TIME, 7, 8);
    assertEquals(
        List.of("one 100 0 SOFTIRQ_RAISE 4 0 0 0 0 0", "two 100 0 BLOCK_UNPLUG 5 6 0 0 0 0"), log);
  }

  @Test
  void aNameIsToldOnceAndKeepsItsId() {
    Trace trace = traceTo(EnumSet.noneOf(Tracepoint.class));
    assertEquals(1, trace.name("kworker/0:1"));
    assertEquals(2, trace.name("ksoftirqd/0"));
    assertEquals(1, trace.name("kworker/0:1"));
    assertEquals(List.of("s name 1 kworker/0:1", "s name 2 ksoftirqd/0"), log);
  }

  @Test
  void aSinkAddedLateIsToldAllNames() {
    Trace trace = new Trace();
    trace.name("kworker/0:1");
    trace.name("ksoftirqd/0");
    trace.addSink(new NotingSink("late", EnumSet.noneOf(Tracepoint.class)));
    assertEquals(List.of("late name 1 kworker/0:1", "late name 2 ksoftirqd/0"), log);
  }

  @Test
  void theEndIsToldOnce() {
    Trace trace = traceTo(EnumSet.noneOf(Tracepoint.class));
    trace.end(100);
    assertThrows(IllegalStateException.class, () -> trace.end(101));
    assertEquals(List.of("s end 100"), log);
  }

  @Test
  void whatComesAfterTheEndGoesNowhere() {
    Trace trace = traceTo(EnumSet.allOf(Tracepoint.class));
    trace.end(100);
    trace.emit(200, 0, Tracepoint.FOLIO_DROP, 1);
    trace.name("late");
    assertEquals(List.of("s end 100"), log);
    assertFalse(trace.enabled(Tracepoint.FOLIO_DROP));
  }

  @Test
  void aFieldThatEndsInNameHoldsAnId() {
    assertFalse(Tracepoint.TASK_NEWTASK.isName(0));
    assertTrue(Tracepoint.TASK_NEWTASK.isName(1));
    assertEquals("task:task_newtask(pid,comm_name,kthread)", Tracepoint.TASK_NEWTASK.definition());
  }

  private Trace traceTo(EnumSet<Tracepoint> interest) {
    Trace trace = new Trace();
    trace.addSink(new NotingSink("s", interest));
    return trace;
  }
}
