package mm.core.writeback;

import java.util.ArrayDeque;
import mm.core.PercpuCounter;
import mm.core.reclaim.Memcg;
import mm.core.spi.mapping.WritebackReason;
import mm.core.spi.writeback.DontcacheKick;
import sim.kernel.Machine;
import sim.kernel.workqueue.Work;

/**
 * The writeback of one device for one memory control group: its dirty inodes, its counts, its
 * bandwidth and its flusher. Models {@code struct bdi_writeback}.
 */
public final class BdiWriteback {
  private static final WbStat[] STATS = WbStat.values();

  private final BackingDevice device;
  private final Memcg memcg;
  private final PercpuCounter[] stats = new PercpuCounter[STATS.length];

  final DirtyInodes inodes = new DirtyInodes();
  final ArrayDeque<WritebackWork> works = new ArrayDeque<>();
  final WriteBandwidth bandwidth;
  final Flusher flusher;

  /** Inodes of other wbs that are to come to this one, and who brings them. */
  final ArrayDeque<InodeWriteback> switching = new ArrayDeque<>();

  final Work switchWork;

  /** Its part of all writeout of the machine, and of its group. */
  final WriteoutFraction completions;

  final WriteoutFraction memcgCompletions;

  /** WB_start_all, and why. */
  boolean startAll;

  WritebackReason startAllReason;

  /** WB_start_dontcache. */
  boolean startDontcache;

  DontcacheKick dontcacheKick;

  /** WB_writeback_running. */
  boolean running;

  /** More dirty than its share while the whole is above its threshold. */
  boolean dirtyExceeded;

  /** When old data was last looked for, in jiffies. */
  long lastOldFlush;

  int inodesUnderWriteback;

  BdiWriteback(Writeback writeback, BackingDevice device, Memcg memcg) {
    Machine machine = writeback.cache().machine();
    int hz = machine.build().hz();
    this.device = device;
    this.memcg = memcg;
    for (int i = 0; i < stats.length; i++) {
      stats[i] =
          new PercpuCounter(machine.cpuCount(), PercpuCounter.writebackBatch(machine.cpuCount()));
    }
    bandwidth = new WriteBandwidth(hz, machine.timers().jiffies());
    completions = new WriteoutFraction(hz);
    memcgCompletions = new WriteoutFraction(hz);
    lastOldFlush = machine.timers().jiffies();
    flusher = new Flusher(writeback, this);
    switchWork = new Work("inode_switch_wbs_work_fn", x -> writeback.switches().run(x, this));
  }

  /** The device. */
  public BackingDevice device() {
    return device;
  }

  /** The group; the root's for all that no other group dirtied. */
  public Memcg memcg() {
    return memcg;
  }

  /** A count, approximately, as {@code wb_stat} gives it: never below 0. */
  public long stat(WbStat stat) {
    return stats[stat.ordinal()].readPositive();
  }

  /** A count, exactly, as {@code wb_stat_sum} gives it. */
  public long statSum(WbStat stat) {
    return stats[stat.ordinal()].sum();
  }

  /** By how much {@link #stat} may be wrong: {@code wb_stat_error}. */
  long statError(int cpus) {
    return cpus * PercpuCounter.writebackBatch(cpus);
  }

  void add(WbStat stat, int cpu, long pages) {
    stats[stat.ordinal()].add(cpu, pages);
  }

  /** Whether it has a dirty inode. */
  public boolean hasDirtyIo() {
    return !inodes.isEmpty();
  }

  /** How many inodes it has on its lists. */
  public int dirtyInodeCount() {
    return inodes.count();
  }

  /** Whether its flusher is writing. */
  public boolean writebackInProgress() {
    return running;
  }

  /** Estimated pages a second that the device takes, smoothed. */
  public long avgWriteBandwidthPages() {
    return bandwidth.avgWriteBandwidth();
  }

  /** Pages a second that one writer may dirty before its position is considered. */
  public long dirtyRatelimitPages() {
    return bandwidth.dirtyRatelimit();
  }

  @Override
  public String toString() {
    return memcg.isRoot() ? device.name() : device.name() + "/" + memcg.name();
  }
}
