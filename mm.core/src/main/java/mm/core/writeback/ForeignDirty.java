package mm.core.writeback;

import java.util.Arrays;
import mm.core.NodeStat;
import mm.core.reclaim.Memcg;
import mm.core.spi.mapping.SyncMode;
import mm.core.spi.mapping.WritebackReason;
import sim.kernel.Exec;

/**
 * What groups have dirtied that the wb of another group will write: without help a group could be
 * stopped at its own limit by pages that nobody is told to write. Models {@code
 * mem_cgroup_track_foreign_dirty} and {@code mem_cgroup_flush_foreign}.
 */
final class ForeignDirty {
  /** {@code MEMCG_CGWB_FRN_CNT}: how many wbs a group remembers. */
  private static final int RECORDS = 4;

  /** A record is brought up to date when this part of the expiry is over, or a second. */
  private static final int UPDATES_PER_EXPIRY = 8;

  /** One wb that a group has dirtied pages of. */
  private static final class Record {
    final WritebackWork work = new WritebackWork();
    BdiWriteback wb;

    /** When pages were last dirtied, in jiffies; before all time if they are being written. */
    long at = NEVER;

    boolean isInFlight() {
      return !work.done;
    }
  }

  private static final long NEVER = Long.MIN_VALUE / 2;

  private final Writeback writeback;
  private final int hz;

  /** By group; null for one that has dirtied nothing of others. */
  private Record[][] records = new Record[1][];

  ForeignDirty(Writeback writeback) {
    this.writeback = writeback;
    hz = writeback.cache().machine().build().hz();
  }

  /** A folio of a group became dirty in a file whose wb is another group's. */
  void track(Memcg memcg, BdiWriteback wb) {
    long now = writeback.timers().jiffies();
    Record oldest = null;
    for (Record record : recordsOf(memcg)) {
      if (record.wb == wb) {
        long interval = Math.min(hz, writeback.expireTicks() / UPDATES_PER_EXPIRY);
        if (record.at < now - interval) {
          record.at = now;
        }
        return;
      }
      if (!record.isInFlight() && (oldest == null || record.at < oldest.at)) {
        oldest = record;
      }
    }
    if (oldest != null) {
      oldest.wb = wb;
      oldest.at = now;
    }
  }

  private Record[] recordsOf(Memcg memcg) {
    int id = memcg.id();
    if (id >= records.length) {
      records = Arrays.copyOf(records, id * 2);
    }
    if (records[id] == null) {
      records[id] = new Record[RECORDS];
      for (int i = 0; i < RECORDS; i++) {
        records[id][i] = new Record();
        records[id][i].work.done = true;
      }
    }
    return records[id];
  }

  /**
   * A task of a group is throttled: has the flushers of others write what its group has dirtied of
   * theirs, unless they are at it, or have come to it by its age.
   */
  void flush(Exec x, Memcg memcg) {
    if (memcg.id() >= records.length || records[memcg.id()] == null) {
      return;
    }
    long expired = writeback.timers().jiffies() - writeback.expireTicks();
    for (Record record : records[memcg.id()]) {
      if (record.at > expired && !record.isInFlight()) {
        record.at = NEVER;
        // Most of what is dirty there now, and a quarter more for what comes meanwhile.
        long pages = record.wb.memcg().stats().get(NodeStat.FILE_DIRTY) * 10 / 8;
        record.work.begin(SyncMode.NONE, WritebackReason.FOREIGN_FLUSH, pages).cyclic();
        record.wb.flusher.queue(x, record.work);
      }
    }
  }
}
