package launcher.scenario.internal.workload;

import block.bio.Bio;
import block.bio.BioOp;
import block.bio.direct.BlockMap;
import block.bio.direct.DirectIo;
import launcher.fio.sequence.IoDirection;
import launcher.scenario.FileSystemSpec.DirectEnd;
import mm.core.Errno;
import mm.core.PageCache;
import mm.core.file.RwFlag;
import mm.core.file.RwFlags;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.workqueue.Work;

/**
 * One O_DIRECT read or write on one file ({@code iomap_dio_rw}, {@code blkdev_direct_IO}): cached
 * folios of the range are written and removed before, and removed once more after a write.
 */
final class DirectCall {
  private final WorkFile file;
  private final RunParts parts;
  private final PageCache cache;
  private final BlockMap map;
  private final DirectIo io;
  private final Step flushed = this::flushed;
  private final Step submit = this::submit;
  private final Step submitted = this::submitted;
  private final Step ended = this::ended;
  private final Step finish = this::finish;
  private final Step invalidate = this::invalidate;
  private final Step sync = this::sync;
  private final Step synced = this::synced;
  private final Work work = new Work("iomap_dio_complete_work", this::completeLater);

  private IoUnit unit;

  /** Who takes the unit when it has completed; null if the caller waits. */
  private AsyncEngine engine;

  private long pos;
  private long end;
  private long wanted;
  private long result;

  DirectCall(WorkFile file, RunParts parts, BlockMap map) {
    this.file = file;
    this.parts = parts;
    this.map = map;
    cache = parts.cache();
    io = new DirectIo(parts.device().layer(), map, (x, direct) -> bioEnded(x));
  }

  /**
   * Does what is left of a unit and waits for it. Step function; its result is that of the call.
   */
  void run(Exec x, IoUnit of) {
    engine = null;
    begin(x, of);
  }

  /** Submits what is left of a unit, which goes to {@code to} when it has completed. */
  void start(Exec x, IoUnit of, AsyncEngine to) {
    engine = to;
    begin(x, of);
  }

  private void begin(Exec x, IoUnit of) {
    unit = of;
    pos = file.baseBytes + of.offset() + of.doneBytes();
    long bytes = of.length() - of.doneBytes();
    boolean read = of.direction() == IoDirection.READ;
    if ((pos | bytes) % Bio.SECTOR_BYTES != 0) {
      result = -Errno.EINVAL;
      x.then(finish);
      return;
    }
    long size = file.mapping.sizeBytes();
    wanted = bytes;
    if (read && pos + bytes > size) {
      wanted = Math.max(0, size - pos);
      bytes = wanted + (-wanted & Bio.SECTOR_BYTES - 1);
    }
    end = pos + bytes - 1;
    result = bytes;
    if (bytes == 0) {
      x.then(finish);
    } else if (file.mapping.nrPages() > 0) {
      x.then(flushed);
      cache.writeAndWait(x, file.mapping, pos, end);
    } else {
      submit(x);
    }
  }

  private void flushed(Exec x) {
    if (x.result() < 0) {
      result = x.result();
      finish(x);
      return;
    }
    x.then(submit);
    if (unit.direction() == IoDirection.WRITE) {
      cache.invalidate(x, file.mapping, pos, end);
    }
  }

  private void submit(Exec x) {
    BioOp op = unit.direction() == IoDirection.WRITE ? BioOp.WRITE : BioOp.READ;
    if (engine == null) {
      x.then(submitted);
    }
    io.submit(x, op, pos, end - pos + 1, unit.reqFlags());
  }

  private void submitted(Exec x) {
    x.then(ended);
    io.await(x);
  }

  private void ended(Exec x) {
    result = Math.min(io.result(), wanted);
    x.then(finish);
    if (result > 0 && unit.direction() == IoDirection.WRITE) {
      afterWrite(x);
    }
  }

  /**
   * {@code iomap_dio_complete}: extents may have to change, cached folios of the range are stale,
   * and O_DSYNC wants a sync.
   */
  private void afterWrite(Exec x) {
    if (syncs()) {
      x.then(sync);
    }
    x.then(invalidate);
    map.writeEnded(x, pos, end - pos + 1);
  }

  private void invalidate(Exec x) {
    if (x.result() < 0) {
      result = x.result();
    }
    if (file.mapping.nrPages() > 0) {
      cache.invalidate(x, file.mapping, pos, end);
    }
  }

  private boolean syncs() {
    RwFlags flags = unit.file().open().openFlags();
    return flags.has(RwFlag.SYNC) || flags.has(RwFlag.DSYNC);
  }

  private void sync(Exec x) {
    x.then(synced);
    if (unit.file().open().openFlags().has(RwFlag.SYNC)) {
      cache.fsync(x, unit.file().open());
    } else {
      cache.fdatasync(x, unit.file().open());
    }
  }

  private void synced(Exec x) {
    if (x.result() < 0) {
      result = x.result();
    }
  }

  /** The end of a call that is waited for, or that did not get as far as a bio. */
  private void finish(Exec x) {
    IoUnit of = unit;
    AsyncEngine to = engine;
    unit = null;
    file.give(this);
    x.setResult(result);
    if (to != null) {
      of.directEnded(result);
      to.post(x, of);
    }
  }

  private void completeLater(Exec x) {
    x.then(finish);
    afterWrite(x);
  }

  private void bioEnded(Exec x) {
    if (engine == null) {
      return;
    }
    result = Math.min(io.result(), wanted);
    boolean wrote = result > 0 && unit.direction() == IoDirection.WRITE;
    boolean converts = wrote && map.needsTaskAtEnd(pos, end - pos + 1);
    boolean maySleep = converts || syncs() || file.mapping.nrPages() > 0;
    if (wrote && (maySleep || parts.directEnd() == DirectEnd.BY_WORKQUEUE)) {
      // s_dio_done_wq
      parts.machine().workqueues().queue(x, parts.directWork(), work);
    } else {
      finish(x);
    }
  }
}
