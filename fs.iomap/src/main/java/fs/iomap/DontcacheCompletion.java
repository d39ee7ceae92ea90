package fs.iomap;

/**
 * How the file system sees to it that DONTCACHE writeback ends in a task, kernel by kernel.
 *
 * <p>Two mechanisms came one after the other: an ioend flag that only ioends of its kind join and
 * that XFS takes as a reason to use its completion workqueue, and the block layer's {@link
 * block.bio.BioFlag#COMPLETE_IN_TASK}.
 */
public enum DontcacheCompletion {
  /** Linux 6.14 and before: RWF_DONTCACHE is refused. */
  NOT_SUPPORTED(false, false, false, false, false),
  /**
   * As ext4 in 6.17: the flag is accepted and nothing is done about completion, so that a folio is
   * dropped only if its writeback happens to end in a task.
   */
  AS_IT_COMES(false, false, false, false, false),
  /** XFS from 6.15 to 7.2: {@code IOMAP_IOEND_DONTCACHE}, completed by the fs workqueue. */
  FS_WORKQUEUE(true, true, false, false, false),
  /**
   * The series' v4: the ioend flag stays and marks the ioend's bio; the workqueue is not forced.
   */
  BIO_BY_IOEND(true, false, true, false, false),
  /** v5 and v6: no ioend flag; each dropbehind folio marks the bio that it was added to. */
  BIO_BY_FOLIO(false, false, false, true, false),
  /** 7.3: as v6, and ioends that go to the fs workqueue lose the bio's mark. */
  BIO_UNLESS_WORKQUEUE(false, false, false, true, true);

  private final boolean ioendFlag;
  private final boolean forcesWorkqueue;
  private final boolean marksBioByIoend;
  private final boolean marksBioByFolio;
  private final boolean unmarksForWorkqueue;

  DontcacheCompletion(
      boolean ioendFlag,
      boolean forcesWorkqueue,
      boolean marksBioByIoend,
      boolean marksBioByFolio,
      boolean unmarksForWorkqueue) {
    this.ioendFlag = ioendFlag;
    this.forcesWorkqueue = forcesWorkqueue;
    this.marksBioByIoend = marksBioByIoend;
    this.marksBioByFolio = marksBioByFolio;
    this.unmarksForWorkqueue = unmarksForWorkqueue;
  }

  /** {@code FOP_DONTCACHE}. */
  public boolean supported() {
    return this != NOT_SUPPORTED;
  }

  /** Whether a change between dropbehind and other folios ends an ioend. */
  public boolean splitsIoends() {
    return ioendFlag;
  }

  /** Whether an ioend of dropbehind folios is completed by the fs workqueue, whatever it wrote. */
  public boolean forcesWorkqueue() {
    return forcesWorkqueue;
  }

  /** Whether failed ioends are left to a work item: as 7.3, whatever was written with DONTCACHE. */
  boolean failsInTask() {
    return this == BIO_UNLESS_WORKQUEUE;
  }

  /** Whether the bio of a dropbehind ioend is marked when it is allocated. */
  boolean marksBioByIoend() {
    return marksBioByIoend;
  }

  /** Whether a dropbehind folio marks the bio that it was added to. */
  boolean marksBioByFolio() {
    return marksBioByFolio;
  }

  /** Whether an ioend for the fs workqueue loses the bio's mark, which would be a second hop. */
  boolean unmarksForWorkqueue() {
    return unmarksForWorkqueue;
  }
}
