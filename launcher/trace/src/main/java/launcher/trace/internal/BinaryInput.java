package launcher.trace.internal;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.ZipException;

/** Cuts a stream into records of bytes. */
final class BinaryInput {
  private final InputStream in;
  private final byte[] chunk = new byte[1 << 16];
  private ByteBuffer record = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
  private int at;
  private int filled;
  private String cutShort = "";

  BinaryInput(InputStream in) {
    this.in = in;
  }

  /** Why the stream ended within a record; empty if it did not. */
  String cutShort() {
    return cutShort;
  }

  void order(ByteOrder order) {
    record.order(order);
  }

  /** The bytes of the last {@link #take}, from 0; good until the next. */
  ByteBuffer record() {
    return record;
  }

  /** Takes so many bytes; false at the end, also if fewer are left. */
  boolean take(int bytes) throws IOException {
    if (record.capacity() < bytes) {
      record = ByteBuffer.allocate(bytes).order(record.order());
    }
    record.clear();
    byte[] into = record.array();
    int have = 0;
    while (have < bytes) {
      if (at == filled && !fill()) {
        if (have > 0 && cutShort.isEmpty()) {
          cutShort = have + " of a record's " + bytes + " bytes are left";
        }
        return false;
      }
      int part = Math.min(bytes - have, filled - at);
      System.arraycopy(chunk, at, into, have, part);
      have += part;
      at += part;
    }
    record.limit(bytes);
    return true;
  }

  private boolean fill() throws IOException {
    try {
      at = 0;
      filled = Math.max(in.read(chunk, 0, chunk.length), 0);
      return filled > 0;
    } catch (EOFException | ZipException e) {
      filled = 0;
      cutShort = e instanceof EOFException ? "the compressed file is cut off" : "it is damaged";
      return false;
    }
  }
}
