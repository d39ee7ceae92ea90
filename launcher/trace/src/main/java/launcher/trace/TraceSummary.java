package launcher.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import launcher.trace.event.BlockAction;
import launcher.trace.event.BlockEvent;
import launcher.trace.event.BlockOperation;
import launcher.trace.event.DeviceNumber;
import launcher.trace.event.EventHead;
import launcher.trace.event.IoAction;
import launcher.trace.event.IoRequest;
import launcher.trace.event.KernelEvent;

/** Counts what a trace holds. Its memory grows with the names and devices, not with the records. */
public final class TraceSummary implements TraceVisitor {
  /**
   * What the block layer of one device did.
   *
   * @param device the device
   * @param action at which place
   * @param operation what was done
   * @param events how often
   * @param bytes how much in all
   */
  public record BlockTotal(
      int device, BlockAction action, BlockOperation operation, long events, long bytes) {}

  /**
   * Who submitted bios to a device.
   *
   * @param device the device
   * @param task name up to its first slash: all kworkers are one
   * @param bios how many
   * @param bytes how much in all
   */
  public record Submitter(int device, String task, long bios, long bytes) {}

  /**
   * What a program asked of a file or volume.
   *
   * @param target its name; empty if the format has none
   * @param action what it asked for
   * @param requests how often
   * @param bytes how much in all
   */
  public record RequestTotal(String target, IoAction action, long requests, long bytes) {}

  private static final int ACTIONS = BlockAction.values().length;
  private static final int OPERATIONS = BlockOperation.values().length;

  private static final class Device {
    final long[][] events = new long[ACTIONS][OPERATIONS];
    final long[][] bytes = new long[ACTIONS][OPERATIONS];
    long[] bios = new long[64];
    long[] bioBytes = new long[64];
  }

  private final Map<Integer, Device> devices = new TreeMap<>();
  private final Map<Integer, long[][]> targets = new TreeMap<>();
  private NameTable names = new NameTable();
  private long[] events = new long[256];
  private int lastDevice = DeviceNumber.NONE;
  private Device last;
  private long firstNs = Long.MAX_VALUE;
  private long lastNs = Long.MIN_VALUE;
  private int cpus;

  /** Nothing counted yet. */
  public TraceSummary() {}

  @Override
  public void begin(TraceFormat format, NameTable table) {
    names = table;
  }

  @Override
  public void block(EventHead head, BlockEvent event) {
    count(head);
    if (event.device() == DeviceNumber.NONE) {
      return;
    }
    if (last == null || event.device() != lastDevice) {
      lastDevice = event.device();
      last = devices.computeIfAbsent(lastDevice, number -> new Device());
    }
    int action = event.action().ordinal();
    int operation = event.operation().ordinal();
    last.events[action][operation]++;
    last.bytes[action][operation] += event.bytes();
    if (event.action() == BlockAction.BIO_QUEUE) {
      int task = event.processId();
      if (task >= last.bios.length) {
        last.bios = Arrays.copyOf(last.bios, 2 * task);
        last.bioBytes = Arrays.copyOf(last.bioBytes, 2 * task);
      }
      last.bios[task]++;
      last.bioBytes[task] += event.bytes();
    }
  }

  @Override
  public void event(EventHead head, KernelEvent event) {
    count(head);
  }

  private void count(EventHead head) {
    int id = head.eventId();
    if (id >= events.length) {
      events = Arrays.copyOf(events, 2 * id);
    }
    events[id]++;
    cpus = Math.max(cpus, head.cpu() + 1);
    if (head.timed()) {
      time(head.timeNs());
    }
  }

  private void time(long ns) {
    firstNs = Math.min(firstNs, ns);
    lastNs = Math.max(lastNs, ns);
  }

  @Override
  public void request(IoRequest request) {
    long[][] totals =
        targets.computeIfAbsent(request.targetId(), id -> new long[IoAction.values().length][2]);
    totals[request.action().ordinal()][0]++;
    totals[request.action().ordinal()][1] += request.lengthBytes();
    if (request.timeNs() != IoRequest.UNTIMED) {
      time(request.timeNs());
    }
  }

  /** Nanoseconds from the first record to the last; 0 if none has a time. */
  public long spanNs() {
    return lastNs < firstNs ? 0 : lastNs - firstNs;
  }

  /** The earliest time; 0 if no record has one. */
  public long firstNs() {
    return lastNs < firstNs ? 0 : firstNs;
  }

  /** One more than the highest CPU that recorded anything; 0 if none is told. */
  public int cpus() {
    return cpus;
  }

  /** How often each event was recorded, the most frequent first. */
  public Map<String, Long> events() {
    List<Integer> ids = new ArrayList<>();
    for (int id = 0; id < events.length; id++) {
      if (events[id] > 0) {
        ids.add(id);
      }
    }
    ids.sort(Comparator.comparing((Integer id) -> -events[id]).thenComparing(names::text));
    Map<String, Long> counts = new LinkedHashMap<>();
    ids.forEach(id -> counts.put(names.text(id), events[id]));
    return counts;
  }

  /** What each device's block layer did, by device, action and operation. */
  public List<BlockTotal> blockTotals() {
    List<BlockTotal> totals = new ArrayList<>();
    devices.forEach(
        (number, device) -> {
          for (BlockAction action : BlockAction.values()) {
            for (BlockOperation operation : BlockOperation.values()) {
              long count = device.events[action.ordinal()][operation.ordinal()];
              if (count > 0) {
                long bytes = device.bytes[action.ordinal()][operation.ordinal()];
                totals.add(new BlockTotal(number, action, operation, count, bytes));
              }
            }
          }
        });
    return totals;
  }

  /** Who submitted bios, by device and then the most frequent first. */
  public List<Submitter> submitters() {
    List<Submitter> all = new ArrayList<>();
    devices.forEach(
        (number, device) -> {
          Map<String, long[]> byTask = new TreeMap<>();
          for (int id = 0; id < device.bios.length; id++) {
            if (device.bios[id] > 0) {
              long[] sum = byTask.computeIfAbsent(group(names.text(id)), name -> new long[2]);
              sum[0] += device.bios[id];
              sum[1] += device.bioBytes[id];
            }
          }
          byTask.entrySet().stream()
              .sorted(Comparator.comparing(entry -> -entry.getValue()[0]))
              .map(e -> new Submitter(number, e.getKey(), e.getValue()[0], e.getValue()[1]))
              .forEach(all::add);
        });
    return all;
  }

  private static String group(String task) {
    int slash = task.indexOf('/');
    return slash > 0 ? task.substring(0, slash) : task;
  }

  /** What was asked of each file or volume, in the order of their appearance. */
  public List<RequestTotal> requestTotals() {
    List<RequestTotal> totals = new ArrayList<>();
    targets.forEach(
        (id, sums) -> {
          for (IoAction action : IoAction.values()) {
            long[] sum = sums[action.ordinal()];
            if (sum[0] > 0) {
              totals.add(new RequestTotal(names.text(id), action, sum[0], sum[1]));
            }
          }
        });
    return totals;
  }
}
