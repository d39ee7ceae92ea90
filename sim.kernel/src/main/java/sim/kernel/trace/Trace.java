package sim.kernel.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The trace of one run. Emitting an event that no sink wants costs one array look-up, and emitting
 * one that is wanted allocates nothing.
 *
 * <p>Each {@code emit} takes exactly as many values as the tracepoint has fields, and throws {@link
 * IllegalArgumentException} otherwise: a value too many would be in no report and in no digest.
 */
public final class Trace {
  private static final TraceSink[] NONE = new TraceSink[0];

  private final TraceSink[][] byType = new TraceSink[Tracepoint.values().length][];
  private final List<TraceSink> sinks = new ArrayList<>();
  private final Map<String, Integer> ids = new LinkedHashMap<>();
  private boolean ended;

  /** A trace that goes nowhere until a sink is added. */
  public Trace() {
    Arrays.fill(byType, NONE);
  }

  /** Adds a sink; it sees events from now on, and the whole name table. */
  public void addSink(TraceSink sink) {
    sinks.add(sink);
    ids.forEach((name, id) -> sink.name(id, name));
    Set<Tracepoint> interest = sink.interest();
    for (Tracepoint type : Tracepoint.values()) {
      if (interest.contains(type)) {
        TraceSink[] old = byType[type.ordinal()];
        TraceSink[] now = Arrays.copyOf(old, old.length + 1);
        now[old.length] = sink;
        byType[type.ordinal()] = now;
      }
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

  /**
   * Tells all sinks that the run is over; called once, by whoever drives the run. What is emitted
   * after it goes nowhere: the machine may run on, to be looked at.
   *
   * @param timeNs the last virtual time
   * @throws IllegalStateException the second time
   */
  public void end(long timeNs) {
    if (ended) {
      throw new IllegalStateException("Trace.end: the trace of this run has ended already");
    }
    ended = true;
    for (TraceSink sink : sinks) {
      sink.end(timeNs);
    }
    sinks.clear();
    Arrays.fill(byType, NONE);
  }

  /** Emits an event without fields. */
  public void emit(long timeNs, int cpu, Tracepoint type) {
    TraceSink[] wanting = byType[type.ordinal()];
    if (wanting.length != 0) {
      requireFields(type, 0);
      send(wanting, timeNs, cpu, type, 0, 0, 0, 0, 0, 0);
    }
  }

  /** Emits an event of one field. */
  public void emit(long timeNs, int cpu, Tracepoint type, long a) {
    TraceSink[] wanting = byType[type.ordinal()];
    if (wanting.length != 0) {
      requireFields(type, 1);
      send(wanting, timeNs, cpu, type, a, 0, 0, 0, 0, 0);
    }
  }

  /** Emits an event of two fields. */
  public void emit(long timeNs, int cpu, Tracepoint type, long a, long b) {
    TraceSink[] wanting = byType[type.ordinal()];
    if (wanting.length != 0) {
      requireFields(type, 2);
      send(wanting, timeNs, cpu, type, a, b, 0, 0, 0, 0);
    }
  }

  /** Emits an event of three fields. */
  public void emit(long timeNs, int cpu, Tracepoint type, long a, long b, long c) {
    TraceSink[] wanting = byType[type.ordinal()];
    if (wanting.length != 0) {
      requireFields(type, 3);
      send(wanting, timeNs, cpu, type, a, b, c, 0, 0, 0);
    }
  }

  /** Emits an event of four fields. */
  public void emit(long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d) {
    TraceSink[] wanting = byType[type.ordinal()];
    if (wanting.length != 0) {
      requireFields(type, 4);
      send(wanting, timeNs, cpu, type, a, b, c, d, 0, 0);
    }
  }

  /** Emits an event of five fields. */
  public void emit(long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e) {
    TraceSink[] wanting = byType[type.ordinal()];
    if (wanting.length != 0) {
      requireFields(type, 5);
      send(wanting, timeNs, cpu, type, a, b, c, d, e, 0);
    }
  }

  /** Emits an event of six fields. */
  public void emit(
      long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e, long f) {
    TraceSink[] wanting = byType[type.ordinal()];
    if (wanting.length != 0) {
      requireFields(type, 6);
      send(wanting, timeNs, cpu, type, a, b, c, d, e, f);
    }
  }

  private static void requireFields(Tracepoint type, int count) {
    if (count != type.fieldCount()) {
      throw new IllegalArgumentException(
          "Trace.emit: "
              + type
              + " with "
              + count
              + " values; it has "
              + type.fieldCount()
              + ": "
              + type.definition());
    }
  }

  private static void send(
      TraceSink[] wanting,
      long timeNs,
      int cpu,
      Tracepoint type,
      long a,
      long b,
      long c,
      long d,
      long e,
      long f) {
    for (TraceSink sink : wanting) {
      sink.event(timeNs, cpu, type, a, b, c, d, e, f);
    }
  }
}
