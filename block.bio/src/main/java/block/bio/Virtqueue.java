package block.bio;

/**
 * Descriptors of a split virtqueue without indirect ones: a request takes one for each piece of its
 * memory, one for its header and one for its status ({@code virtqueue_add_sgs}).
 */
final class Virtqueue {
  private static final int HEADER_AND_STATUS = 2;

  private final int size;
  private int free;
  private boolean freed;

  Virtqueue(int size) {
    this.size = size;
    free = size;
  }

  /** Takes a request's descriptors; false if there are too few. */
  boolean add(Request request) {
    int needed = Math.min(size, request.segments + HEADER_AND_STATUS);
    if (needed > free) {
      freed = false;
      return false;
    }
    free -= needed;
    request.descriptors = needed;
    return true;
  }

  /** {@code detach_buf_split}: gives them back. */
  void release(Request request) {
    free += request.descriptors;
    freed |= request.descriptors > 0;
    request.descriptors = 0;
  }

  /** Whether any were given back since there were too few. */
  boolean hasFreed() {
    return freed;
  }
}
