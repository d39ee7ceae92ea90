package block.bio;

import sim.kernel.Step;
import sim.kernel.Task;

/**
 * A unit of block I/O ({@code struct bio}): an operation on contiguous sectors, up to 256 pieces of
 * memory, and who is told of its end.
 *
 * <p>Bios come from a {@link BioPool} and go back to it; a bio that was freed must not be touched.
 * Sector and size move on when the block layer splits the bio; the vectors don't, so an owner's
 * {@link BioEndIo} finds in them all that it put in.
 */
public final class Bio {
  /** {@code BIO_MAX_VECS}: vectors a bio can have. */
  public static final int VECTORS_MAX = 256;

  /** Bytes of a sector. */
  public static final int SECTOR_BYTES = 512;

  private static final int VECTOR_INTS = 3;

  private final int[] vectors;
  private int vectorCount;

  private long id;
  private BioOp op;
  private int flags;
  private int reqFlags;
  private BlkStatus status;
  private BlockDevice device;
  private long sector;
  private int sizeBytes;
  private BioEndIo endIo;
  private Object privateData;
  private long privateLong;

  /** Bios that must end before this one does, itself included ({@code __bi_remaining}). */
  int remaining;

  /** The bio that this one ends into; null unless it is a chain child. */
  Bio parent;

  /** Link of the one list this bio is in ({@code bi_next}). */
  Bio next;

  /** Whether it is in its pool. */
  boolean free = true;

  /** First vector that the device has not been given yet, and bytes of it that it has. */
  int cursorVector;

  int cursorBytes;

  // Custody, while a completion policy has this bio.
  Bio custodyNext;
  Bio custodyPrevious;
  CompletionCustody custody;
  int deferCpu;
  long deferredAtNs;
  boolean seen;

  /** Whether its protection information was made, or is still to be verified by the block layer. */
  boolean integrityPrepared;

  boolean integrityPending;

  /** Whether its owner has been called. */
  boolean ended;

  /** How often its owner has asked to be called again in a task. */
  int handlerDeferrals;

  /** Whether it has one of the places that writeback throttling gives, and no request yet. */
  boolean throttled;

  /** The task that sleeps until it gets one; null if none does. */
  Task sleeper;

  /** The bio that it is the front of, whose vectors are its; null if it has vectors of its own. */
  private Bio cloned;

  private int clonedSegments;

  /** Whether a front was split off and the rest has not been submitted yet. */
  boolean remainder;

  /** {@code BIO_BPS_THROTTLED}: its bytes have passed the limiter. */
  boolean bpsThrottled;

  /** {@code BIO_TG_BPS_THROTTLED}: its bytes are charged, and it waits for its turn. */
  boolean bpsCharged;

  private long submittedAtNs;

  /** Continues this bio's submission; made once, since submission may sleep. */
  final Step submit;

  Bio(int vectorsMax) {
    vectors = new int[vectorsMax * VECTOR_INTS];
    submit = x -> device.queue().submit(x, this);
  }

  void reset(long newId, BioOp newOp) {
    id = newId;
    op = newOp;
    vectorCount = 0;
    flags = 0;
    reqFlags = 0;
    status = BlkStatus.OK;
    device = null;
    sector = 0;
    sizeBytes = 0;
    endIo = null;
    privateData = null;
    privateLong = 0;
    remaining = 1;
    integrityPrepared = false;
    integrityPending = false;
    ended = false;
    handlerDeferrals = 0;
    throttled = false;
    sleeper = null;
    cloned = null;
    remainder = false;
    bpsThrottled = false;
    bpsCharged = false;
    parent = null;
    next = null;
    cursorVector = 0;
    cursorBytes = 0;
    submittedAtNs = 0;
  }

  /** Number that no other bio of the run has, from 1; what the trace calls {@code bio}. */
  public long id() {
    return id;
  }

  /** What it asks of the device. */
  public BioOp op() {
    return op;
  }

  // --- where ------------------------------------------------------------------------------------

  /** The device; null until it is set. */
  public BlockDevice device() {
    return device;
  }

  /** Names the device ({@code bio_set_dev}). */
  public void setDevice(BlockDevice target) {
    device = target;
  }

  /** First sector that is still to be done. */
  public long sector() {
    return sector;
  }

  /** Names the first sector. */
  public void setSector(long first) {
    sector = first;
  }

  /** Bytes that are still to be done ({@code bi_iter.bi_size}). */
  public int sizeBytes() {
    return sizeBytes;
  }

  /** Sectors that are still to be done. */
  public int sectors() {
    return sizeBytes / SECTOR_BYTES;
  }

  /** The sector behind the last ({@code bio_end_sector}). */
  public long endSector() {
    return sector + sizeBytes / SECTOR_BYTES;
  }

  void setRange(long first, int bytes) {
    sector = first;
    sizeBytes = bytes;
  }

  /**
   * {@code bio_alloc_clone}: this is the front of another bio.
   *
   * @param segments pieces of memory that it has
   */
  void cloneFront(Bio whole, int bytes, int segments) {
    cloned = whole;
    clonedSegments = segments;
    cursorVector = whole.cursorVector;
    cursorBytes = whole.cursorBytes;
    setRange(whole.sector, bytes);
  }

  /** Pieces of memory that are still to be done. */
  int segments() {
    return cloned == null ? vectorCount - cursorVector : clonedSegments;
  }

  /** Bytes of its n-th piece of memory that is still to be done. */
  int segmentBytes(int segment) {
    Bio owner = cloned == null ? this : cloned;
    int bytes = owner.lengthBytes(cursorVector + segment);
    return segment == 0 ? bytes - cursorBytes : bytes;
  }

  // --- memory -----------------------------------------------------------------------------------

  /** Vectors that this bio has room for. */
  public int vectorsMax() {
    return vectors.length / VECTOR_INTS;
  }

  /** Vectors in use ({@code bi_vcnt}). */
  public int vectorCount() {
    return vectorCount;
  }

  /**
   * {@code bio_add_folio}: adds a piece of a folio at the end; joins the last vector if it
   * continues it.
   *
   * @param folio handle; 0 for memory that is no folio, as of direct I/O
   * @param offsetBytes where the piece begins in the folio
   * @param lengthBytes at least 1
   * @return false if all vectors are in use or the bio would be 2 GiB or more; nothing is added
   */
  public boolean addFolio(int folio, int offsetBytes, int lengthBytes) {
    if (lengthBytes > Integer.MAX_VALUE - sizeBytes) {
      return false;
    }
    int last = (vectorCount - 1) * VECTOR_INTS;
    if (vectorCount > 0
        && vectors[last] == folio
        && vectors[last + 1] + vectors[last + 2] == offsetBytes) {
      vectors[last + 2] += lengthBytes;
    } else {
      int at = vectorCount * VECTOR_INTS;
      if (at == vectors.length) {
        return false;
      }
      vectors[at] = folio;
      vectors[at + 1] = offsetBytes;
      vectors[at + 2] = lengthBytes;
      vectorCount++;
    }
    sizeBytes += lengthBytes;
    return true;
  }

  /** Folio of a vector; 0 if its memory is no folio. */
  public int folio(int vector) {
    return vectors[vector * VECTOR_INTS];
  }

  /** Where a vector begins in its folio, bytes. */
  public int offsetBytes(int vector) {
    return vectors[vector * VECTOR_INTS + 1];
  }

  /** Bytes of a vector. */
  public int lengthBytes(int vector) {
    return vectors[vector * VECTOR_INTS + 2];
  }

  // --- flags ------------------------------------------------------------------------------------

  /** {@code bio_flagged}. */
  public boolean has(BioFlag flag) {
    return (flags & flag.mask()) != 0;
  }

  /** {@code bio_set_flag}. */
  public void set(BioFlag flag) {
    flags |= flag.mask();
  }

  /** {@code bio_clear_flag}. */
  public void clear(BioFlag flag) {
    flags &= ~flag.mask();
  }

  /** Whether it is to be served in that way. */
  public boolean has(ReqFlag flag) {
    return (reqFlags & flag.mask()) != 0;
  }

  /** Asks for a way of service. */
  public void set(ReqFlag flag) {
    reqFlags |= flag.mask();
  }

  /** Takes a way of service back. */
  public void clear(ReqFlag flag) {
    reqFlags &= ~flag.mask();
  }

  /** All request flags, {@link ReqFlag#mask}s added. */
  public int reqFlags() {
    return reqFlags;
  }

  /** Replaces all request flags. */
  public void setReqFlags(int masks) {
    reqFlags = masks;
  }

  // --- end --------------------------------------------------------------------------------------

  /** How it ended; {@link BlkStatus#OK} until an error is set. */
  public BlkStatus status() {
    return status;
  }

  /** Sets how it ended; before its end only. */
  public void setStatus(BlkStatus outcome) {
    status = outcome;
  }

  /** Who is told of its end; null if nobody is. */
  public BioEndIo endIo() {
    return endIo;
  }

  /** Names who is told of its end. */
  public void setEndIo(BioEndIo handler) {
    endIo = handler;
  }

  /** What its owner left there ({@code bi_private}); null at first. */
  public Object privateData() {
    return privateData;
  }

  /** Leaves something for {@link BioEndIo}. */
  public void setPrivateData(Object data) {
    privateData = data;
  }

  /** A number its owner left there, for owners that have handles instead of objects. */
  public long privateLong() {
    return privateLong;
  }

  /** Leaves a number for {@link BioEndIo}. */
  public void setPrivateLong(long number) {
    privateLong = number;
  }

  /**
   * {@code bio_chain}: this bio ends into {@code into}, which ends when it and all bios chained to
   * it have ended, with the first error of any. This bio's own {@link BioEndIo} is not called, and
   * the block layer frees it.
   */
  public void chain(Bio into) {
    if (parent != null || endIo != null) {
      throw new IllegalStateException(
          this + ": is chained to " + into + "; it already ends into something else");
    }
    parent = into;
    into.remaining++;
    into.set(BioFlag.CHAIN);
  }

  /** The bio that this one ends into; null unless it is a chain child. */
  public Bio parent() {
    return parent;
  }

  /** Virtual nanoseconds at which it was submitted. */
  public long submittedAtNs() {
    return submittedAtNs;
  }

  void setSubmittedAtNs(long ns) {
    submittedAtNs = ns;
  }

  @Override
  public String toString() {
    return "bio " + id + " (" + op + " " + sector + " + " + sectors() + ")";
  }
}
