package block.bio;

/**
 * The mq-deadline scheduler: serves each direction by sector in batches of sixteen, reads ahead of
 * writes, and first whatever has waited past its deadline.
 *
 * <p>Leaves out I/O priorities, zones and front merges.
 */
final class MqDeadline {
  private static final long READ_EXPIRE_NS = 500_000_000;
  private static final long WRITE_EXPIRE_NS = 5_000_000_000L;
  private static final int BATCH = 16;
  private static final int WRITES_STARVED = 2;

  private final Direction reads;
  private final Direction writes;
  private Direction batchOf;
  private int batched;
  private int starved;

  /** Requests of one direction: by sector, and by age. */
  private static final class Direction {
    final long expireNs;
    final Request[] bySector;
    int count;
    Request oldest;
    Request youngest;

    /** Where the last request given out ended. */
    long headSector;

    Direction(int requestsMax, long expireNs) {
      this.expireNs = expireNs;
      bySector = new Request[requestsMax];
    }

    /** Index of the first request at or behind a sector; {@link #count} if there is none. */
    int ceiling(long sector) {
      int low = 0;
      int high = count;
      while (low < high) {
        int middle = low + high >>> 1;
        if (bySector[middle].sector < sector) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    void add(Request request, long nowNs) {
      int at = ceiling(request.sector);
      System.arraycopy(bySector, at, bySector, at + 1, count - at);
      bySector[at] = request;
      count++;
      request.deadlineNs = nowNs + expireNs;
      request.younger = null;
      request.older = youngest;
      if (youngest == null) {
        oldest = request;
      } else {
        youngest.younger = request;
      }
      youngest = request;
    }

    Request remove(Request request) {
      int at = ceiling(request.sector);
      while (bySector[at] != request) {
        at++; // Requests may begin at the same sector; this one is among them.
      }
      System.arraycopy(bySector, at + 1, bySector, at, count - at - 1);
      bySector[--count] = null;
      if (request.older == null) {
        oldest = request.younger;
      } else {
        request.older.younger = request.younger;
      }
      if (request.younger == null) {
        youngest = request.older;
      } else {
        request.younger.older = request.older;
      }
      request.older = null;
      request.younger = null;
      headSector = request.endSector();
      return request;
    }

    Request following() {
      int at = ceiling(headSector);
      return at < count ? bySector[at] : null;
    }
  }

  MqDeadline(int requestsMax) {
    reads = new Direction(requestsMax, READ_EXPIRE_NS);
    writes = new Direction(requestsMax, WRITE_EXPIRE_NS);
  }

  boolean isEmpty() {
    return reads.count + writes.count == 0;
  }

  /** {@code elv_merge}, back: the request that ends where a bio begins; null if there is none. */
  Request endingAt(Bio bio) {
    Direction direction = bio.op() == BioOp.READ ? reads : writes;
    int at = direction.ceiling(bio.sector()) - 1;
    return at >= 0 && direction.bySector[at].endSector() == bio.sector()
        ? direction.bySector[at]
        : null;
  }

  /** {@code dd_insert_request}. */
  void add(Request request, long nowNs) {
    (request.op == BioOp.READ ? reads : writes).add(request, nowNs);
  }

  /** {@code dd_dispatch_request}: the request to issue next; null if there is none. */
  Request next(long nowNs) {
    if (batchOf != null && batched < BATCH) {
      Request following = batchOf.following();
      if (following != null) {
        batched++;
        return batchOf.remove(following);
      }
    }
    if (isEmpty()) {
      return null;
    }
    batchOf = direction();
    batched = 1;
    Request following = batchOf.following();
    boolean expired = batchOf.oldest.deadlineNs <= nowNs;
    return batchOf.remove(expired || following == null ? batchOf.oldest : following);
  }

  private Direction direction() {
    if (reads.count > 0 && (writes.count == 0 || starved++ < WRITES_STARVED)) {
      return reads;
    }
    starved = 0;
    return writes;
  }
}
