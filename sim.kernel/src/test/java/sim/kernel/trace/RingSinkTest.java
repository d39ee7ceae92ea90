package sim.kernel.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class RingSinkTest {
  @Test
  void theLastEventsOfEachCpuAreKeptInOrderOfArrival() {
    RingSink ring = new RingSink(2);
    Trace trace = new Trace();
    trace.addSink(ring);
    trace.emit(0, 3, Tracepoint.SOFTIRQ_RAISE, 4);
    for (int i = 1; i <= 3; i++) {
      trace.emit(1_000_000_000L + i, 0, Tracepoint.FOLIO_DROP, i);
    }
    trace.emit(1_000_000_003L, -1, Tracepoint.CPU_TIME, 1, 2);
    assertEquals(
        List.of(
            "[003] 0.000000000: irq:softirq_raise: vec=4",
            "[000] 1.000000002: deferlab:folio_drop: pages=2",
            "[000] 1.000000003: deferlab:folio_drop: pages=3",
            "[---] 1.000000003: deferlab:cpu_time: kind=1 ns=2"),
        ring.lines());
    assertEquals(List.of("[003] 0.000000000: irq:softirq_raise: vec=4"), ring.lines(3));
    assertEquals(List.of(), ring.lines(2));
    assertEquals(List.of(), ring.lines(4));
    assertEquals(List.of("[---] 1.000000003: deferlab:cpu_time: kind=1 ns=2"), ring.lines(-1));
  }

  @Test
  void namedFieldsShowTheirNames() {
    RingSink ring = new RingSink(4, EnumSet.of(Tracepoint.TASK_NEWTASK));
    Trace trace = new Trace();
    trace.addSink(ring);
    trace.emit(0, 0, Tracepoint.TASK_NEWTASK, 1, trace.name("fio"), 0);
    trace.emit(0, 0, Tracepoint.TASK_NEWTASK, 2, 77, 1);
    trace.emit(0, 0, Tracepoint.SOFTIRQ_RAISE, 4);
    assertEquals(
        List.of(
            "[000] 0.000000000: task:task_newtask: pid=1 comm_name=fio kthread=0",
            "[000] 0.000000000: task:task_newtask: pid=2 comm_name=#77 kthread=1"),
        ring.lines());
  }

  @Test
  void aRingHoldsAtLeastOneEvent() {
    assertThrows(IllegalArgumentException.class, () -> new RingSink(0));
  }
}
