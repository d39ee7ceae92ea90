package launcher.trace.internal;

import launcher.trace.NameTable;
import launcher.trace.TraceVisitor;
import launcher.trace.event.IoAction;

/**
 * Cydonia's cache table: {@code request,microseconds since the last,4 KiB block,op,front,rear}. A
 * request has a line for each of its blocks; front and rear are bytes of the block that it leaves.
 */
final class CydoniaCacheParser implements LineParser {
  private static final long BLOCK_BYTES = 4096;

  private final TraceVisitor visitor;
  private final RequestView request;
  private long open = -1;
  private long timeNs;
  private String fault = "";

  CydoniaCacheParser(NameTable names, TraceVisitor visitor) {
    this.visitor = visitor;
    request = new RequestView(names);
  }

  @Override
  public String fault() {
    return fault;
  }

  @Override
  public Outcome line(Cursor line, long number) {
    if (line.atEnd()) {
      return Outcome.OTHER;
    }
    request.clear(number);
    long index = column(line);
    long sinceUs = column(line);
    long block = column(line);
    byte op = line.peek();
    line.at++;
    line.expect(',');
    long front = column(line);
    long rear = line.count();
    boolean fits = front + rear <= BLOCK_BYTES && block < Long.MAX_VALUE / BLOCK_BYTES;
    if (!line.ok || !line.atEnd() || op != 'r' && op != 'w' || !fits) {
      fault = "is not request,microseconds,block,r or w,front,rear";
      return Outcome.BROKEN;
    }
    if (index != open) {
      open = index;
      timeNs += sinceUs * 1000;
    }
    request.timeNs = timeNs;
    request.action = op == 'r' ? IoAction.READ : IoAction.WRITE;
    request.offsetBytes = block * BLOCK_BYTES + front;
    request.lengthBytes = BLOCK_BYTES - front - rear;
    visitor.request(request);
    return Outcome.RECORD;
  }

  private static long column(Cursor line) {
    long value = line.count();
    line.expect(',');
    return value;
  }
}
