package block.bio.device;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Everything about a device that a scenario can set, by {@link #key}. */
public enum DeviceParameter {
  /** Size of the device. */
  CAPACITY(Unit.BYTES, 1L << 20, 1L << 60, "Size of the device."),
  /** Read of no bytes at queue depth 1. */
  READ_LATENCY(Unit.NANOSECONDS, 0, 10_000_000_000L, "A read at depth 1, without its transfer."),
  /** Write of no bytes at queue depth 1. */
  WRITE_LATENCY(Unit.NANOSECONDS, 0, 10_000_000_000L, "A write at depth 1, without its transfer."),
  /** FLUSH of an empty volatile cache. */
  FLUSH_LATENCY(Unit.NANOSECONDS, 0, 10_000_000_000L, "A FLUSH with nothing to write out."),
  /** Bytes that all reads together move. */
  READ_BANDWIDTH(Unit.BYTES_PER_SECOND, 1, 1L << 50, "Bytes that all reads together move."),
  /** Bytes that all writes together move. */
  WRITE_BANDWIDTH(Unit.BYTES_PER_SECOND, 1, 1L << 50, "Bytes that all writes together move."),
  /** Reads a second with all channels busy. */
  READ_IOPS(Unit.PER_SECOND, 1, 1_000_000_000_000L, "Reads a second, all channels busy."),
  /** Writes a second with all channels busy. */
  WRITE_IOPS(Unit.PER_SECOND, 1, 1_000_000_000_000L, "Writes a second, all channels busy."),
  /** Commands that the medium works on at once. */
  CHANNELS(Unit.COUNT, 1, 1024, "Commands that the medium works on at once."),
  /** Deviation of the logarithm of a latency, in hundredths. */
  LATENCY_JITTER(
      Unit.PERCENT, 0, 300, "Deviation of a log-normal factor on latencies, of median 1; 0: none."),
  /** Size of the volatile write cache. */
  WRITE_CACHE(Unit.BYTES, 0, 1L << 40, "Volatile write cache; 0: none, or one that keeps power."),
  /** Hardware queues. */
  QUEUES(Unit.COUNT, 0, 8192, "Hardware queues; 0: one a CPU."),
  /** Tags of one hardware queue. */
  DEPTH(Unit.COUNT, 1, 65_536, "Requests that one hardware queue has at the device."),
  /** CPU that takes the interrupts of a device with one queue. */
  IRQ_CPU(Unit.COUNT, -1, 8191, "CPU that takes the interrupts; -1: each queue's first CPU."),
  /** {@code rq_affinity}. */
  RQ_AFFINITY(
      Unit.COUNT, 0, 2, "Completion by 0 any CPU, 1 the submitter's cache, 2 the submitter's CPU."),
  /** Longest time that a completion waits for others before the interrupt. */
  COALESCE_TIME(Unit.NANOSECONDS, 0, 25_500_000, "Interrupt coalescing: wait; 0: off."),
  /** Completions that raise the interrupt at once. */
  COALESCE_COUNT(Unit.COUNT, 1, 256, "Interrupt coalescing: completions that end the wait."),
  /** Which completions raise an interrupt. */
  INTERRUPTS(
      Unit.CHOICE,
      0,
      1,
      "Interrupts by each completion, or once no command is left.",
      "each",
      "drained"),
  /** What fewer pieces of memory spare a measured read, in hundredths. */
  READ_SEGMENT(
      Unit.PERCENT,
      0,
      100,
      "Of what each page adds to a measured read, the share of its being a piece of memory by"
          + " itself."),
  /** {@code max_sectors_kb}, in bytes. */
  MAX_REQUEST(Unit.BYTES, 4096, 1L << 30, "Largest request."),
  /** {@code max_segments}. */
  MAX_SEGMENTS(Unit.COUNT, 1, 65_535, "Pieces of memory in one request."),
  /** {@code read_ahead_kb}, in bytes. */
  READ_AHEAD(Unit.BYTES, 0, 1L << 30, "Largest readahead window of a file; 0: no readahead."),
  /** I/O scheduler. */
  SCHEDULER(Unit.CHOICE, 0, 1, "I/O scheduler.", "none", "mq-deadline"),
  /** {@code nr_requests} of a queue with a scheduler. */
  NR_REQUESTS(Unit.COUNT, 1, 65_536, "Requests that wait in the scheduler, per hardware queue."),
  /** {@code virtqueue_get_vring_size}. */
  DESCRIPTORS(
      Unit.COUNT,
      0,
      65_536,
      "Descriptors of a virtqueue, of which a request takes its pieces and two more; 0: no limit."),
  /** Forced unit access. */
  FUA(
      Unit.CHOICE,
      0,
      1,
      "Whether the device writes through its cache when told to, or has to be flushed after it.",
      "no",
      "yes"),
  /** T10 protection information. */
  INTEGRITY(Unit.CHOICE, 0, 1, "Protection information of each sector.", "none", "t10-pi"),
  /** How a device of kind NULL completes. */
  NULL_COMPLETION(Unit.CHOICE, 0, 2, "null_blk's irqmode.", "inline", "softirq", "timer"),
  /** {@code wbt_lat_usec}. */
  WBT_LATENCY(
      Unit.NANOSECONDS, 0, 10_000_000_000L, "Writeback throttling: a read's target; 0: off."),
  /** {@code rq_timeout}: from a request's issue to its time-out. */
  IO_TIMEOUT(
      Unit.NANOSECONDS, 1_000_000, 3_600_000_000_000L, "From a request's issue to its time-out."),
  /** What the driver does about a time-out ({@code blk_mq_ops.timeout}). */
  TIMEOUT_HANDLER(
      Unit.CHOICE, 0, 3, "What the driver does then.", "abort", "reset", "fail", "none"),
  /** {@code nvme_core.max_retries}. */
  MAX_RETRIES(Unit.COUNT, 0, 255, "Times that an aborted or cancelled request is issued again."),
  /** What an abort takes, its command included. */
  ABORT_TIME(
      Unit.NANOSECONDS, 0, 10_000_000_000L, "From an abort to the end of the aborted command."),
  /** What a reset of the controller takes. */
  RESET_TIME(Unit.NANOSECONDS, 0, 60_000_000_000L, "From a reset to the first command after it."),
  /** Revolutions a minute. */
  ROTATION(Unit.COUNT, 60, 100_000, "HDD: revolutions a minute."),
  /** Seek to the next track. */
  SEEK_MIN(Unit.NANOSECONDS, 0, 1_000_000_000, "HDD: seek to the next track."),
  /** Seek over the whole disk. */
  SEEK_MAX(Unit.NANOSECONDS, 0, 1_000_000_000, "HDD: seek over the whole disk.");

  /** What a loop device leaves to the device that its file is on. */
  private static final Set<DeviceParameter> OF_MEDIUM =
      EnumSet.of(
          READ_LATENCY,
          WRITE_LATENCY,
          FLUSH_LATENCY,
          READ_BANDWIDTH,
          WRITE_BANDWIDTH,
          READ_IOPS,
          WRITE_IOPS,
          CHANNELS,
          LATENCY_JITTER,
          IRQ_CPU,
          COALESCE_TIME,
          COALESCE_COUNT,
          INTERRUPTS,
          READ_SEGMENT,
          DESCRIPTORS,
          NULL_COMPLETION,
          ROTATION,
          SEEK_MIN,
          SEEK_MAX);

  /** Value of {@link #INTERRUPTS}: a thread behind the queue that serves it until it is empty. */
  public static final long DRAINED = 1;

  /** What a parameter is measured in. */
  public enum Unit {
    /** Virtual time. */
    NANOSECONDS,
    /** Bytes. */
    BYTES,
    /** Bytes a virtual second. */
    BYTES_PER_SECOND,
    /** Times a virtual second. */
    PER_SECOND,
    /** A plain number. */
    COUNT,
    /** Hundredths. */
    PERCENT,
    /** The index of one of {@link DeviceParameter#choices}. */
    CHOICE
  }

  private final Unit unit;
  private final long min;
  private final long max;
  private final String description;
  private final List<String> choices;
  private final String key;

  DeviceParameter(Unit unit, long min, long max, String description, String... choices) {
    this.unit = unit;
    this.min = min;
    this.max = max;
    this.description = description;
    this.choices = List.of(choices);
    key = name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Name in scenarios. */
  public String key() {
    return key;
  }

  /** What it is measured in. */
  public Unit unit() {
    return unit;
  }

  /** The smallest value. */
  public long min() {
    return min;
  }

  /** The largest value. */
  public long max() {
    return max;
  }

  /** One sentence for users. */
  public String description() {
    return description;
  }

  /** Names of the values of a {@link Unit#CHOICE}, by value; empty for other units. */
  public List<String> choices() {
    return choices;
  }

  /**
   * Whether it says something of a device of that kind. A {@link DeviceKind#LOOP} device is a file:
   * what is fast, slow or wired about it is the device below.
   */
  public boolean appliesTo(DeviceKind kind) {
    return kind != DeviceKind.LOOP || !OF_MEDIUM.contains(this);
  }
}
