package launcher.trace.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import launcher.trace.NameTable;
import launcher.trace.TraceVisitor;
import launcher.trace.event.BlockAction;
import launcher.trace.event.BlockOperation;
import launcher.trace.event.DeviceNumber;
import launcher.trace.event.Rwbs;
import launcher.trace.internal.LineParser.Outcome;

/** Records of blktrace: struct blk_io_trace of include/uapi/linux/blktrace_api.h, then its data. */
final class BlktraceSource implements RecordSource {
  /** Every record begins with it; the last byte is the version. */
  static final int MAGIC = 0x65617400;

  private static final int HEAD_BYTES = 48;
  private static final int CGROUP = 0x100;
  private static final int CGROUP_BYTES = 8;
  private static final int NOTIFY = 1 << 10;
  private static final int NAMES_MAX = 1 << 16;
  private static final BlockAction[] ACTIONS = {
    null,
    BlockAction.BIO_QUEUE,
    BlockAction.BIO_BACKMERGE,
    BlockAction.BIO_FRONTMERGE,
    BlockAction.GETRQ,
    BlockAction.SLEEPRQ,
    BlockAction.RQ_REQUEUE,
    BlockAction.RQ_ISSUE,
    BlockAction.RQ_COMPLETE,
    BlockAction.PLUG,
    BlockAction.UNPLUG,
    BlockAction.UNPLUG_TIMER,
    BlockAction.RQ_INSERT,
    BlockAction.SPLIT,
    BlockAction.BIO_BOUNCE,
    BlockAction.BIO_REMAP,
    BlockAction.ABORT,
    BlockAction.DRIVER_DATA,
  };

  private final BinaryInput in;
  private final NameTable names;
  private final TraceVisitor visitor;
  private final HeadView head;
  private final BlockView block;
  private final int[] letterIds = new int[ACTIONS.length];
  private final Map<Integer, Integer> taskNames = new HashMap<>();
  private String fault = "";

  BlktraceSource(BinaryInput in, NameTable names, TraceVisitor visitor) {
    this.in = in;
    this.names = names;
    this.visitor = visitor;
    head = new HeadView(names);
    head.unflagged();
    head.timed = true;
    head.tgid = -1;
    block = new BlockView(names);
    for (int i = 1; i < ACTIONS.length; i++) {
      boolean timer = ACTIONS[i] == BlockAction.UNPLUG_TIMER;
      letterIds[i] = names.id(timer ? "UT" : String.valueOf(ACTIONS[i].letter()));
    }
  }

  /** The byte order of a file that begins so; null if it is no blktrace. */
  static ByteOrder order(int littleEndian) {
    if ((littleEndian & ~0xff) == MAGIC) {
      return ByteOrder.LITTLE_ENDIAN;
    }
    return (Integer.reverseBytes(littleEndian) & ~0xff) == MAGIC ? ByteOrder.BIG_ENDIAN : null;
  }

  @Override
  public String fault() {
    return fault;
  }

  @Override
  public String text() {
    return "";
  }

  @Override
  public long lostEvents() {
    return 0;
  }

  @Override
  public String cutShort() {
    return in.cutShort();
  }

  @Override
  public Outcome next(long number) throws IOException {
    if (!in.take(HEAD_BYTES)) {
      return null;
    }
    ByteBuffer record = in.record();
    ByteOrder order = order(record.order(ByteOrder.LITTLE_ENDIAN).getInt(0));
    if (order == null) {
      // Where the next record begins is not known any more.
      fault = "no blktrace record begins here; the rest is left out";
      while (in.take(1)) {
        // To the end.
      }
      return Outcome.BROKEN;
    }
    record.order(order);
    int word = record.getInt(28);
    int action = word & 0xffff & ~CGROUP;
    int category = word >>> 16;
    int dataBytes = record.getShort(46) & 0xffff;
    boolean grouped = (word & CGROUP) != 0;
    head.line = number;
    head.timeNs = record.getLong(8);
    head.pid = record.getInt(32);
    head.cpu = record.getInt(40);
    block.clear(action > 0 && action < ACTIONS.length ? ACTIONS[action] : BlockAction.MESSAGE);
    block.device = device(record.getInt(36));
    block.sector = record.getLong(16);
    block.bytes = record.getInt(24) & 0xffffffffL;
    block.sectors = block.bytes / BlockView.SECTOR_BYTES;
    block.rwbs = rwbs(category);
    block.error = record.getShort(44) & 0xffff;
    if (dataBytes > 0 && !in.take(dataBytes)) {
      return null;
    }
    int skip = grouped && dataBytes >= CGROUP_BYTES ? CGROUP_BYTES : 0;
    if ((category & NOTIFY) != 0) {
      if (action == 0) {
        name(head.pid, in.record(), skip, dataBytes);
      }
      return Outcome.OTHER;
    }
    if (action == 0 || action >= ACTIONS.length) {
      fault = "its action is " + action + ", which is none of blktrace's";
      return Outcome.BROKEN;
    }
    payload(in.record(), dataBytes - skip, skip);
    head.eventId = letterIds[action];
    head.taskId = taskNames.getOrDefault(head.pid, 0);
    block.processId = head.taskId;
    visitor.block(head, block);
    return Outcome.RECORD;
  }

  private static int device(int packed) {
    return DeviceNumber.of(packed >>> 20, packed & 0xfffff);
  }

  private void name(int pid, ByteBuffer data, int from, int to) {
    int end = from;
    while (end < to && data.get(end) != 0) {
      end++;
    }
    String name = new String(data.array(), from, end - from, StandardCharsets.UTF_8);
    if (taskNames.size() < NAMES_MAX) {
      taskNames.put(pid, names.id(name));
    }
  }

  /** What follows the head is big-endian on every machine. */
  private void payload(ByteBuffer data, int bytes, int from) {
    switch (block.action) {
      case BIO_REMAP -> {
        if (bytes >= 16) {
          data.order(ByteOrder.BIG_ENDIAN);
          block.fromDevice = device(data.getInt(from));
          block.fromSector = data.getLong(from + 8);
        }
      }
      case UNPLUG, UNPLUG_TIMER -> {
        if (bytes >= 8) {
          block.unplugged = (int) data.order(ByteOrder.BIG_ENDIAN).getLong(from);
        }
      }
      case SPLIT -> {
        if (bytes >= 8) {
          block.fromSector = data.order(ByteOrder.BIG_ENDIAN).getLong(from);
        }
      }
      default -> {}
    }
  }

  private static int rwbs(int category) {
    BlockOperation operation = BlockOperation.NONE;
    if ((category & 1 << 13) != 0) {
      operation = BlockOperation.DISCARD;
    } else if ((category & 1 << 1) != 0) {
      operation = BlockOperation.WRITE;
    } else if ((category & 1) != 0) {
      operation = BlockOperation.READ;
    }
    int flags = (category & 1 << 2) != 0 ? Rwbs.PREFLUSH : 0;
    flags |= (category & 1 << 15) != 0 ? Rwbs.FUA : 0;
    flags |= (category & 1 << 11) != 0 ? Rwbs.AHEAD : 0;
    flags |= (category & 1 << 3) != 0 ? Rwbs.SYNC : 0;
    flags |= (category & 1 << 12) != 0 ? Rwbs.META : 0;
    return Rwbs.of(operation, flags);
  }
}
