package fs.iomap.erofs;

import block.bio.Bio;
import block.bio.BioEndIo;
import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.ReqFlag;
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
 * z_erofs_decompressqueue}): its clusters are looked up from the last to the first; those that are
 * not cached are read whole, those that are get decompressed by the caller meanwhile, and when the
 * last bio has ended the others follow, one after the other. Pooled.
 */
final class ErofsRead implements BioEndIo {
  private static final int PAGE_SHIFT = 12;
  private static final int PAGE_BYTES = 1 << PAGE_SHIFT;

  private final ErofsFileSystem fs;
  private final FolioStore store;
  private final FolioParts folios;
  private final ClusterStates clusters = new ClusterStates();
  private final WaitQueue reader = new WaitQueue();
  private final Step lookUpNext = this::lookUpNext;
  private final Step submitNext = this::submitNext;
  private final Step submitted = this::submitted;
  private final Step awaitBios = this::awaitBios;
  private final Step decompressed = this::decompressed;
  private final Work work = new Work("z_erofs_decompressqueue_work", this::begun);
  private final KthreadWorker.Item item =
      new KthreadWorker.Item("z_erofs_decompressqueue_kthread_work", this::begun);

  private ErofsFile file;

  /** What was asked for; folios before it come along. */
  private long headBytes;

  private long endBytes;

  /** Cluster that is looked up, read or decompressed next, and its block. */
  private long cluster;

  private int block;

  /** Which clusters are being decompressed: {@link ClusterStates#READ} or BYPASS. */
  private byte queue;

  private Bio bio;
  private int bioCount;

  /** Bios submitted and not ended; below 0 while their submitter has not counted them yet. */
  private int pending;

  private long kickedNs;
  private boolean sync;
  private boolean allEnded;

  /** Whether a bio has failed ({@code eio}). */
  private boolean failed;

  /** Whether nothing is left to do but what others do for this request. */
  private boolean done;

  ErofsRead(ErofsFileSystem fs) {
    this.fs = fs;
    store = fs.cache().folios();
    folios = new FolioParts(fs.cache());
  }

  Work work() {
    return work;
  }

  KthreadWorker.Item item() {
    return item;
  }

  ErofsFile file() {
    return file;
  }

  ClusterStates clusters() {
    return clusters;
  }

  /** The byte of the file behind the last that is wanted. */
  long endBytes() {
    return endBytes;
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
    done = false;
    folios.clear();
    traceReadahead(x, rac);
    headBytes = rac.index() << PAGE_SHIFT;
    endBytes = Math.min(headBytes + (rac.nrPages() << PAGE_SHIFT), target.mapping().sizeBytes());
    for (int folio = rac.nextFolio(); folio != 0; folio = rac.nextFolio()) {
      folios.append(target, folio);
    }
    clusters.begin(target.clusterAt(headBytes), target.clusterAt(endBytes - 1) + 1);
    cluster = clusters.end();
    lookUpNext(x);
  }

  private void traceReadahead(Exec x, ReadaheadControl rac) {
    x.machine()
        .trace()
        .emit(
            x.nowNs(),
            x.cpu().id(),
            Tracepoint.EROFS_READAHEAD,
            fs.device().number(),
            file.mapping().hostInode(),
            rac.index(),
            rac.nrPages());
  }

  /** {@code z_erofs_scan_folio}, {@code z_erofs_bind_cache}, a cluster a step. */
  private void lookUpNext(Exec x) {
    x.charge(Cost.BLOCK_MAP);
    cluster--;
    ErofsRead owner = fs.ownerOf(file, cluster);
    if (owner != null) {
      clusters.set(cluster, ClusterStates.FOLLOWED);
      owner.clusters.follow(cluster, this);
    } else {
      clusters.set(cluster, isCached() ? ClusterStates.BYPASS : ClusterStates.READ);
    }
    if (cluster > clusters.first()) {
      x.then(lookUpNext);
      return;
    }
    // In this step: its owner, if it has another, fills what joins the request now.
    readMore(x);
    block = 0;
    x.then(submitNext);
  }

  private boolean isCached() {
    for (int i = 0; i < file.blocks(cluster); i++) {
      if (!fs.managed().has(file.block(cluster) + i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * {@code z_erofs_pcluster_readmore}: the first cluster also fills what lies before the request,
   * as far as whole pages of it are not there yet. No page behind the request is filled so: LZ4
   * does not tell where a cluster ends that the request ends in.
   */
  private void readMore(Exec x) {
    long lowest = file.start(cluster) + PAGE_BYTES - 1 >> PAGE_SHIFT;
    var memcg = fs.cache().memory().memcgOf(x.task());
    for (long page = (headBytes >> PAGE_SHIFT) - 1; page >= lowest; page--) {
      if (file.mapping().pages().load(page) == 0 && fs.cache().memory().tryCharge(x, memcg, 1)) {
        int folio = fs.cache().addFolio(x, file.mapping(), page, 0, memcg);
        x.charge(Cost.FOLIO_ADD);
        folios.prepend(file, folio);
        // Its lock keeps it in place.
        fs.cache().put(folio);
      }
    }
  }

  /** {@code z_erofs_submit_queue}, a bio a step. */
  private void submitNext(Exec x) {
    while (cluster < clusters.end()) {
      if (clusters.get(cluster) != ClusterStates.READ || block == file.blocks(cluster)) {
        cluster++;
        block = 0;
        continue;
      }
      long address = file.block(cluster) + block;
      if (fs.managed().has(address)) {
        block++;
        continue;
      }
      long sector = address * (ErofsSettings.BLOCK_BYTES / Bio.SECTOR_BYTES);
      if (bio != null && (bio.endSector() != sector || bio.vectorCount() == Bio.VECTORS_MAX)) {
        x.then(submitNext);
        submitBio(x);
        return;
      }
      if (bio == null) {
        newBio(sector);
      }
      addBlock(x, address);
      block++;
    }
    x.then(submitted);
    if (bio != null) {
      submitBio(x);
    }
  }

  private void newBio(long sector) {
    bio = fs.bios().alloc(BioOp.READ, Bio.VECTORS_MAX);
    bio.setDevice(fs.device());
    bio.setSector(sector);
    bio.setEndIo(this);
    if (!sync) {
      bio.set(ReqFlag.RAHEAD);
    }
    fs.settings().completion().mark(bio);
  }

  private void submitBio(Exec x) {
    Bio full = bio;
    bio = null;
    bioCount++;
    fs.submit(x, full);
  }

  /**
   * {@code z_erofs_fill_bio_vec}: compressed data goes to a page that is cached, or else into a
   * page of the file that the cluster fills ({@code z_erofs_try_inplace_io}: the last block into
   * the last one), or else to one that belongs to nobody.
   */
  private void addBlock(Exec x, long address) {
    int cached = fs.managed().lock(x, address, isKept());
    if (cached != 0) {
      bio.addFolio(cached, 0, PAGE_BYTES);
      return;
    }
    long last = Math.min(file.end(cluster), endBytes) - 1 >> PAGE_SHIFT;
    long page = last - (file.blocks(cluster) - 1 - block);
    if (page << PAGE_SHIFT >= Math.max(file.start(cluster), headBytes)) {
      int folio = file.mapping().pages().load(page);
      bio.addFolio(folio, (int) (page - store.index(folio) << PAGE_SHIFT), PAGE_BYTES);
    } else {
      // No two of them are neighbours.
      bio.addFolio(0, 2 * bio.sizeBytes() + 1, PAGE_BYTES);
    }
  }

  /** {@code z_erofs_should_alloc_cache}: at the ends of a request, where others may go on. */
  private boolean isKept() {
    return switch (fs.settings().cacheStrategy()) {
      case DISABLED -> false;
      case READAHEAD -> file.end(cluster) > endBytes;
      case READAROUND -> file.end(cluster) > endBytes || file.start(cluster) < headBytes;
    };
  }

  private void submitted(Exec x) {
    decompress(x, ClusterStates.BYPASS);
  }

  /** What was cached is there; the rest has been submitted, if there is any. */
  private void bypassed(Exec x) {
    x.setResult(0);
    if (bioCount == 0) {
      finish();
      return;
    }
    if (sync) {
      x.then(awaitBios);
    }
    kickoff(x, bioCount);
  }

  private void awaitBios(Exec x) {
    if (allEnded) {
      decompress(x, ClusterStates.READ);
    } else {
      x.then(awaitBios);
      reader.sleep(x);
    }
  }

  // Completion.

  /** {@code z_erofs_endio}: in any context. */
  @Override
  public void endIo(Exec x, Bio ended) {
    boolean ok = ended.status() == BlkStatus.OK;
    for (int i = 0; i < ended.vectorCount(); i++) {
      if (fs.managed().owns(ended.folio(i))) {
        fs.managed().endRead(x, ended.folio(i), ok);
      }
    }
    failed |= !ok;
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
      decompress(x, ClusterStates.READ);
    }
  }

  /** A worker has come to it. */
  private void begun(Exec x) {
    x.machine()
        .trace()
        .emit(
            x.nowNs(),
            x.cpu().id(),
            Tracepoint.EROFS_KICKOFF,
            folios.count(),
            x.nowNs() - kickedNs);
    decompress(x, ClusterStates.READ);
  }

  /** {@code z_erofs_decompress_queue}, a cluster in two steps. */
  private void decompress(Exec x, byte which) {
    queue = which;
    cluster = clusters.first();
    decompressNext(x);
  }

  private void decompressNext(Exec x) {
    while (cluster < clusters.end() && clusters.get(cluster) != queue) {
      cluster++;
    }
    if (cluster < clusters.end()) {
      if (!isBad()) {
        // LZ4 comes to a byte only by way of those before it, and may stop behind the last wanted.
        long end = Math.min(clusters.wantedEnd(cluster, endBytes), file.end(cluster));
        x.charge(fs.decompressNs(end - file.start(cluster)));
      }
      x.then(decompressed);
    } else if (queue == ClusterStates.BYPASS) {
      bypassed(x);
    } else {
      x.setResult(0);
      finish();
    }
  }

  private boolean isBad() {
    return failed && queue == ClusterStates.READ;
  }

  private void decompressed(Exec x) {
    clusters.set(cluster, ClusterStates.DONE);
    folios.clusterEnded(x, file, cluster, !isBad());
    for (ErofsRead other = clusters.takeFollower(cluster);
        other != null;
        other = clusters.takeFollower(cluster)) {
      other.folios.clusterEnded(x, file, cluster, !isBad());
      other.freeIfDone();
    }
    cluster++;
    decompressNext(x);
  }

  private void finish() {
    done = true;
    freeIfDone();
  }

  private void freeIfDone() {
    if (done && folios.open() == 0) {
      fs.free(this);
    }
  }
}
