package launcher.trace.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import launcher.trace.TraceFormat;

/** Finds out what a file of records is, of which only some say so. */
final class BinaryGuess {
  private static final int ORACLE_BYTES = 24;
  private static final int ORACLE_RECORDS = 64;
  private static final int VSCSI_RECORDS = 64;

  private BinaryGuess() {}

  static Optional<TraceFormat> format(byte[] head) {
    if (head.length >= 4 && BlktraceSource.order(little(head).getInt(0)) != null) {
      return Optional.of(TraceFormat.BLKTRACE);
    }
    if (vscsiVersion(head) != 0) {
      return Optional.of(TraceFormat.VSCSI);
    }
    return isOracle(head) ? Optional.of(TraceFormat.ORACLE_GENERAL) : Optional.empty();
  }

  private static ByteBuffer little(byte[] head) {
    return ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** 1 or 2 if every one of the first records has that version, 0 otherwise. */
  static int vscsiVersion(byte[] head) {
    if (hasVersion(head, 32, 14, 1)) {
      return 1;
    }
    return hasVersion(head, 40, 2, 2) ? 2 : 0;
  }

  private static boolean hasVersion(byte[] head, int recordBytes, int at, int version) {
    ByteBuffer records = little(head);
    int count = Math.min(head.length / recordBytes, VSCSI_RECORDS);
    for (int i = 0; i < count; i++) {
      if (records.getShort(i * recordBytes + at) >>> 8 != version) {
        return false;
      }
    }
    return count > 0;
  }

  /** Times do not go back, and the next access is none or a later record. */
  private static boolean isOracle(byte[] head) {
    ByteBuffer records = little(head);
    int count = Math.min(head.length / ORACLE_BYTES, ORACLE_RECORDS);
    long last = 0;
    for (int i = 0; i < count; i++) {
      long time = records.getInt(i * ORACLE_BYTES) & 0xffffffffL;
      long next = records.getLong(i * ORACLE_BYTES + 16);
      if (time < last || next != -1 && (next <= i || next > 1L << 40)) {
        return false;
      }
      last = time;
    }
    return count > 1;
  }
}
