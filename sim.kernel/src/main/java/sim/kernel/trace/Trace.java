package sim.kernel.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The trace of one run. Emitting an event that no sink wants costs one array look-up. */
public final class Trace {
  private static final TraceSink[] NONE = new TraceSink[0];

  private final TraceSink[][] byType = new TraceSink[Tracepoint.values().length][];
  private final List<TraceSink> sinks = new ArrayList<>();
  private final Map<String, Integer> ids = new LinkedHashMap<>();

  /** A trace that goes nowhere until a sink is added. */
  public Trace() {
    Arrays.fill(byType, NONE);
  }

  /** Adds a sink; it sees events from now on, and the whole name table. */
  public void addSink(TraceSink sink) {
    sinks.add(sink);
    ids.forEach((name, id) -> sink.name(id, name));
    for (Tracepoint type : sink.interest()) {
      TraceSink[] old = byType[type.ordinal()];
      TraceSink[] now = Arrays.copyOf(old, old.length + 1);
      now[old.length] = sink;
      byType[type.ordinal()] = now;
    }
  }

  /** Whether any sink wants this kind of event: lets a caller skip the work of computing fields. */
  public boolean enabled(Tracepoint type) {
    return byType[type.ordinal()].length > 0;
  }

  /** The id of a name, new or known; from 1. */
  public int name(String name) {
    Integer known = ids.get(name);
    if (known != null) {
      return known;
    }
    int id = ids.size() + 1;
    ids.put(name, id);
    for (TraceSink sink : sinks) {
      sink.name(id, name);
    }
    return id;
  }

  /** Emits an event without fields. */
  public void emit(long timeNs, int cpu, Tracepoint type) {
    emit(timeNs, cpu, type, 0, 0, 0, 0, 0, 0);
  }

  /** Emits an event of one field. */
  public void emit(long timeNs, int cpu, Tracepoint type, long a) {
    emit(timeNs, cpu, type, a, 0, 0, 0, 0, 0);
  }

  /** Emits an event of two fields. */
  public void emit(long timeNs, int cpu, Tracepoint type, long a, long b) {
    emit(timeNs, cpu, type, a, b, 0, 0, 0, 0);
  }

  /** Emits an event of three fields. */
  public void emit(long timeNs, int cpu, Tracepoint type, long a, long b, long c) {
    emit(timeNs, cpu, type, a, b, c, 0, 0, 0);
  }

  /** Emits an event of four fields. */
  public void emit(long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d) {
    emit(timeNs, cpu, type, a, b, c, d, 0, 0);
  }

  /** Emits an event of five fields. */
  public void emit(long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e) {
    emit(timeNs, cpu, type, a, b, c, d, e, 0);
  }

  /** Emits an event of six fields. */
  public void emit(
      long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e, long f) {
    TraceSink[] wanting = byType[type.ordinal()];
    for (int i = 0; i < wanting.length; i++) {
      wanting[i].event(timeNs, cpu, type, a, b, c, d, e, f);
    }
  }
}
