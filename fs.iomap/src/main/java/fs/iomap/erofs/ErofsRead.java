package fs.iomap.erofs;

import block.bio.Bio;
import block.bio.BioEndIo;
import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.ReqFlag;
import java.util.Arrays;
import mm.core.FolioStore;
import mm.core.spi.mapping.ReadaheadControl;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;
import sim.kernel.wait.WaitQueue;
import sim.kernel.workqueue.KthreadWorker;
import sim.kernel.workqueue.Work;

/**
 * One call of readahead and what becomes of it ({@code z_erofs_readahead}, {@code struct
 * z_erofs_decompressqueue}): its clusters are read whole, and when the last bio has ended they are
 * decompressed, one after the other. Pooled.
 */
final class ErofsRead implements BioEndIo {
  private static final int PAGE_SHIFT = 12;

  /** A bio holds pages of compressed data, each a vector of its own. */
  private static final int BIO_BYTES_MAX = Bio.VECTORS_MAX << PAGE_SHIFT;

  private final ErofsFileSystem fs;
  private final FolioStore store;
  private final WaitQueue reader = new WaitQueue();
  private final Step nextCluster = this::nextCluster;
  private final Step submitted = this::submitted;
  private final Step awaitBios = this::awaitBios;
  private final Step decompressNext = this::decompressNext;
  private final Step endFolio = this::endFolio;
  private final Work work = new Work("z_erofs_decompressqueue_work", this::begun);
  private final KthreadWorker.Item item =
      new KthreadWorker.Item("z_erofs_decompressqueue_kthread_work", this::begun);

  private ErofsFile file;
  private int[] folios = new int[32];
  private int folioCount;
  private int next;

  /** Pages that are wanted: from the first of the first folio to the end of the last. */
  private long startBytes;

  private long endBytes;

  /** Cluster that is read or decompressed next, and the one behind the last. */
  private long cluster;

  private long clusterEnd;
  private Bio bio;
  private int bioCount;

  /** Bios submitted and not ended; below 0 while their submitter has not counted them yet. */
  private int pending;

  private long kickedNs;
  private boolean sync;
  private boolean allEnded;

  /** Whether a bio has failed ({@code eio}). */
  private boolean failed;

  ErofsRead(ErofsFileSystem fs) {
    this.fs = fs;
    store = fs.cache().folios();
  }

  Work work() {
    return work;
  }

  KthreadWorker.Item item() {
    return item;
  }

  // Submission, in the reader's task.

  /** Step function; result 0. */
  void begin(Exec x, ErofsFile target, ReadaheadControl rac) {
    file = target;
    sync = fs.isSync(rac);
    bioCount = 0;
    pending = 0;
    allEnded = false;
    failed = false;
    folioCount = 0;
    startBytes = rac.index() << PAGE_SHIFT;
    endBytes = startBytes + (rac.nrPages() << PAGE_SHIFT);
    for (int folio = rac.nextFolio(); folio != 0; folio = rac.nextFolio()) {
      if (folioCount == folios.length) {
        folios = Arrays.copyOf(folios, folioCount * 2);
      }
      folios[folioCount++] = folio;
    }
    cluster = clusterAt(startBytes);
    clusterEnd = clusterAt(endBytes - 1) + 1;
    nextCluster(x);
  }

  private long clusterAt(long pos) {
    return pos / fs.settings().clusterBytes();
  }

  /** The cluster that a folio's last byte is in: when that is there, all of the folio is. */
  private long lastCluster(int place) {
    int folio = folios[place];
    return clusterAt((store.index(folio) + store.nrPages(folio) << PAGE_SHIFT) - 1);
  }

  /** {@code z_erofs_submit_queue}, a cluster a step. */
  private void nextCluster(Exec x) {
    Bio full = null;
    if (cluster < clusterEnd) {
      x.then(nextCluster);
      x.charge(Cost.BLOCK_MAP);
      full = add(file.sector(cluster), file.compressedBytes(cluster));
      cluster++;
    } else {
      x.then(submitted);
      full = bio;
      bio = null;
    }
    if (full != null) {
      bioCount++;
      fs.submit(x, full);
    }
  }

  /** Adds a cluster to the bio; a bio that it does not fit into is full, and a new one begins. */
  private Bio add(long sector, int bytes) {
    Bio full = null;
    if (bio != null && bio.sizeBytes() + bytes > BIO_BYTES_MAX) {
      full = bio;
      bio = null;
    }
    if (bio == null) {
      bio = fs.bios().alloc(BioOp.READ, 1);
      bio.setDevice(fs.device());
      bio.setSector(sector);
      bio.setEndIo(this);
      if (!sync) {
        bio.set(ReqFlag.RAHEAD);
      }
      fs.settings().completion().mark(bio);
    }
    // Compressed data goes to pages of the file system's own, which are in no page cache.
    bio.addFolio(0, bio.sizeBytes(), bytes);
    return full;
  }

  private void submitted(Exec x) {
    x.setResult(0);
    if (sync) {
      x.then(awaitBios);
    }
    kickoff(x, bioCount);
  }

  private void awaitBios(Exec x) {
    if (allEnded) {
      decompress(x);
    } else {
      x.then(awaitBios);
      reader.sleep(x);
    }
  }

  // Completion.

  /** {@code z_erofs_endio}: in any context. */
  @Override
  public void endIo(Exec x, Bio ended) {
    failed |= ended.status() != BlkStatus.OK;
    fs.bios().free(ended);
    kickoff(x, -1);
  }

  /** {@code z_erofs_decompress_kickoff}: goes on behind the last bio, where that may be done. */
  private void kickoff(Exec x, int bios) {
    pending += bios;
    if (pending != 0) {
      return;
    }
    if (sync) {
      allEnded = true;
      reader.wakeOne(x);
    } else if (x.inAtomic()) {
      kickedNs = x.nowNs();
      fs.leaveToTask(x, this);
    } else {
      decompress(x);
    }
  }

  /** A worker has come to it. */
  private void begun(Exec x) {
    x.machine()
        .trace()
        .emit(x.nowNs(), x.cpu().id(), Tracepoint.EROFS_KICKOFF, folioCount, x.nowNs() - kickedNs);
    decompress(x);
  }

  /** {@code z_erofs_decompress_queue}. */
  private void decompress(Exec x) {
    next = 0;
    cluster = clusterAt(startBytes);
    decompressNext(x);
  }

  private void decompressNext(Exec x) {
    if (cluster == clusterEnd) {
      x.setResult(0);
      fs.free(this);
      return;
    }
    if (!failed) {
      long first = cluster * fs.settings().clusterBytes();
      // LZ4 comes to a byte only by way of those before it, and may stop behind the last wanted.
      x.charge(fs.decompressNs(Math.min(endBytes - first, file.clusterBytes(cluster))));
    }
    x.then(endFolio);
  }

  /** {@code z_erofs_onlinefolio_end}, a folio a step, of those that this cluster completes. */
  private void endFolio(Exec x) {
    if (next < folioCount && lastCluster(next) == cluster) {
      x.then(endFolio);
      fs.cache().endRead(x, folios[next++], !failed);
      return;
    }
    cluster++;
    decompressNext(x);
  }
}
