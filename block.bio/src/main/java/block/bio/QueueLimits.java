package block.bio;

import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;

/**
 * What a device takes in one request ({@code struct queue_limits}).
 *
 * @param requestBytesMax bytes of a request
 * @param segmentsMax pieces of memory of a request
 */
record QueueLimits(long requestBytesMax, int segmentsMax) {
  /** {@code REQ_NOMERGE_FLAGS}, and polled bios, whose waiter would not find them. */
  static final int UNMERGEABLE =
      ReqFlag.NOMERGE.mask() | ReqFlag.PREFLUSH.mask() | ReqFlag.FUA.mask() | ReqFlag.POLLED.mask();

  static QueueLimits of(DeviceProfile profile) {
    return new QueueLimits(
        profile.value(DeviceParameter.MAX_REQUEST),
        (int) profile.value(DeviceParameter.MAX_SEGMENTS));
  }

  /**
   * {@code bio_split_rw}: bytes of the bio's front that fit one request; all of them if the bio
   * needs no split. A vector is one segment.
   */
  int frontBytes(Bio bio) {
    long bytes = Math.min(bio.sizeBytes(), requestBytesMax);
    if (bio.segments() > segmentsMax) {
      long inSegments = 0;
      for (int i = 0; i < segmentsMax; i++) {
        inSegments += bio.segmentBytes(i);
      }
      bytes = Math.min(bytes, inSegments);
    }
    return (int) (bytes == bio.sizeBytes() ? bytes : bytes / Bio.SECTOR_BYTES * Bio.SECTOR_BYTES);
  }

  /** Pieces of memory that the first bytes of a bio are in. */
  static int segmentsOfFront(Bio bio, int bytes) {
    int segments = 0;
    for (long covered = 0; covered < bytes; segments++) {
      covered += bio.segmentBytes(segments);
    }
    return segments;
  }

  /** {@code bio_advance}: the first bytes of a bio are somebody else's now. */
  static void advance(Bio bio, int bytes) {
    bio.setRange(bio.sector() + bytes / Bio.SECTOR_BYTES, bio.sizeBytes() - bytes);
    int left = bio.cursorBytes + bytes;
    while (bio.cursorVector < bio.vectorCount() && left >= bio.lengthBytes(bio.cursorVector)) {
      left -= bio.lengthBytes(bio.cursorVector);
      bio.cursorVector++;
    }
    bio.cursorBytes = left;
  }
}
