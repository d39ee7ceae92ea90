package launcher.trace;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A format of recorded traces. */
public enum TraceFormat {
  /** Text of the kernel's ftrace, as tracefs and {@code trace-cmd report} print it. */
  FTRACE("kernel events, ftrace text"),
  /** The default text of {@code blkparse}. */
  BLKPARSE("block events, blkparse text"),
  /** The records of {@code blktrace}, one CPU's file or a merged stream. */
  BLKTRACE("block events, blktrace binary"),
  /** Version 2 of fio's I/O log: no times. */
  IOLOG_V2("fio iolog, version 2"),
  /** Version 3 of fio's I/O log: microseconds since the job's start. */
  IOLOG_V3("fio iolog, version 3"),
  /** Fields separated by commas, named in a first line. */
  CSV("table with a line of names"),
  /** LibCacheSim: {@code version,time,op,size,lbn}, op as SCSI's code to the base of 16. */
  LIBCACHESIM("libCacheSim table"),
  /** MSR Cambridge: {@code Timestamp,Hostname,DiskNumber,Type,Offset,Size,ResponseTime}. */
  MSR("MSR Cambridge table"),
  /** Alibaba 2020: {@code device_id,opcode,offset,length,timestamp}. */
  ALIBABA("Alibaba block table"),
  /** Tencent CBS: {@code Timestamp,Offset,Size,IOType,VolumeID}. */
  TENCENT("Tencent CBS table"),
  /** SPC, as UMass's Financial and WebSearch: {@code ASU,LBA,Size,Opcode,Timestamp}. */
  SPC("SPC table"),
  /** Cydonia's block table: {@code ts_us,lba,op,bytes}. */
  CYDONIA_BLOCK("Cydonia block table"),
  /**
   * Cydonia's cache table: request, microseconds since the last, 4 KiB block, op, misalignments.
   */
  CYDONIA_CACHE("Cydonia cache table"),
  /** DiskSim, SSDsim and MQSim: {@code time device sector sectors type}, nanoseconds. */
  DISKSIM("DiskSim text"),
  /** ARC's {@code .lis}: {@code start_block count ignored request}. */
  ARC("ARC block list"),
  /** {@code op offset length} in bytes, one request a line, without times. */
  REQUESTS("list of requests"),
  /** LIRS: one block a line, {@code *} between parts. */
  LIRS("LIRS block list"),
  /** One key a line. */
  KEYS("list of keys"),
  /** VSCSI records, version 1 or 2. */
  VSCSI("VSCSI binary"),
  /** Records of 24 bytes: time, object, size, next access. */
  ORACLE_GENERAL("oracleGeneral binary"),
  /** Big-endian 32-bit block numbers, as CloudPhysics's. */
  KEYS_BE32("binary list of block numbers");

  private final String meaning;

  TraceFormat(String meaning) {
    this.meaning = meaning;
  }

  /** The word that names the format on a command line, such as {@code iolog-v3}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A few words for people. */
  public String meaning() {
    return meaning;
  }

  /** Whether the records are events of the kernel, not requests of a program. */
  public boolean ofKernelEvents() {
    return this == FTRACE || this == BLKPARSE || this == BLKTRACE;
  }

  /** The format of that name, if there is one. */
  public static Optional<TraceFormat> of(String id) {
    return Arrays.stream(values()).filter(format -> format.id().equals(id)).findFirst();
  }

  /** All names, for messages. */
  public static String ids() {
    return Arrays.stream(values()).map(TraceFormat::id).collect(Collectors.joining(", "));
  }
}
