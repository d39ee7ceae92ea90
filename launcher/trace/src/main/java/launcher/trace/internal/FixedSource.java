package launcher.trace.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import launcher.trace.NameTable;
import launcher.trace.TraceFormat;
import launcher.trace.TraceVisitor;
import launcher.trace.event.IoAction;
import launcher.trace.internal.LineParser.Outcome;

/** Requests in binary records that are all of one size. */
final class FixedSource implements RecordSource {
  private static final long SECTOR_BYTES = 512;
  private static final long BLOCK_BYTES = 4096;

  private final BinaryInput in;
  private final TraceVisitor visitor;
  private final TraceFormat format;
  private final RequestView request;
  private int recordBytes;
  private int version;
  private String fault = "";

  /**
   * A source of one format.
   *
   * @param vscsiVersion 1 or 2 for VSCSI
   */
  FixedSource(
      BinaryInput in, NameTable names, TraceVisitor visitor, TraceFormat format, int vscsiVersion) {
    this.in = in;
    this.visitor = visitor;
    this.format = format;
    version = vscsiVersion;
    request = new RequestView(names);
    recordBytes =
        switch (format) {
          case VSCSI -> version == 2 ? 40 : 32;
          case ORACLE_GENERAL -> 24;
          default -> 4;
        };
    in.order(format == TraceFormat.KEYS_BE32 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public String fault() {
    return fault;
  }

  @Override
  public String text() {
    return "";
  }

  @Override
  public long lostEvents() {
    return 0;
  }

  @Override
  public String cutShort() {
    return in.cutShort();
  }

  @Override
  public Outcome next(long number) throws IOException {
    if (!in.take(recordBytes)) {
      return null;
    }
    request.clear(number);
    ByteBuffer record = in.record();
    switch (format) {
      case VSCSI -> vscsi(record);
      case ORACLE_GENERAL -> {
        request.action = IoAction.REFERENCE;
        request.timeNs = (record.getInt(0) & 0xffffffffL) * 1_000_000_000;
        // The object's number is an identity, not a place: it stands for itself.
        request.offsetBytes = record.getLong(4);
        request.lengthBytes = record.getInt(12) & 0xffffffffL;
      }
      default -> {
        request.action = IoAction.REFERENCE;
        request.offsetBytes = (record.getInt(0) & 0xffffffffL) * BLOCK_BYTES;
        request.lengthBytes = BLOCK_BYTES;
      }
    }
    if (request.action == null) {
      return Outcome.BROKEN;
    }
    visitor.request(request);
    return Outcome.RECORD;
  }

  private void vscsi(ByteBuffer record) {
    int command = record.getShort(version == 2 ? 0 : 12) & 0xffff;
    request.action = TableParser.scsi(command);
    fault = "its SCSI command is 0x" + Integer.toHexString(command) + ", no read and no write";
    request.lengthBytes = record.getInt(version == 2 ? 8 : 4) & 0xffffffffL;
    request.offsetBytes = record.getLong(16) * SECTOR_BYTES;
    request.timeNs = record.getLong(24) * 1000;
  }
}
