package launcher.report;

/** Folds the I/O events of the jobs of one name. */
final class JobFold {
  static final int READ = 0;
  static final int WRITE = 1;
  static final int TRIM = 2;

  /** fsync and everything numbered above it. */
  static final int SYNC = 3;

  private static final int DIRECTIONS = 4;

  private static final class Direction {
    final LatencyRecorder slat = new LatencyRecorder();
    final LatencyRecorder clat = new LatencyRecorder();
    final LatencyRecorder lat = new LatencyRecorder();
    long ios;
    long bytes;
    long errors;

    void add(Direction other) {
      ios += other.ios;
      bytes += other.bytes;
      errors += other.errors;
      slat.add(other.slat);
      clat.add(other.clat);
      lat.add(other.lat);
    }

    DirectionSummary summary() {
      return new DirectionSummary(
          ios, bytes, errors, slat.latency(), clat.latency(), lat.latency());
    }
  }

  final String name;
  private final Direction[] directions = new Direction[DIRECTIONS];
  private final LatencyRecorder writeStall = new LatencyRecorder();
  private final OpenIos open = new OpenIos();
  private long openAdded;
  private long startNs = Long.MAX_VALUE;
  private long endNs;

  JobFold(String name) {
    this.name = name;
    for (int i = 0; i < DIRECTIONS; i++) {
      directions[i] = new Direction();
    }
  }

  void submitted(long io, long beginNs, long submitNs) {
    startNs = Math.min(startNs, beginNs);
    open.put(io, beginNs, submitNs);
  }

  void completed(long timeNs, long io, int direction, long bytes, long error) {
    if (!open.take(io)) {
      return;
    }
    long slatNs = open.takenSubmitNs - open.takenStartNs;
    long clatNs = timeNs - open.takenSubmitNs;
    Direction of = directions[Math.min(direction, SYNC)];
    of.ios++;
    of.lat.record(slatNs + clatNs);
    if (direction < SYNC) {
      endNs = Math.max(endNs, timeNs);
    }
    if (error != 0) {
      of.errors++;
      return;
    }
    of.bytes += bytes;
    of.slat.record(slatNs);
    of.clat.record(clatNs);
    if (direction == WRITE) {
      writeStall.record(slatNs == 0 ? clatNs : slatNs);
    }
  }

  void add(JobFold other) {
    for (int i = 0; i < DIRECTIONS; i++) {
      directions[i].add(other.directions[i]);
    }
    writeStall.add(other.writeStall);
    openAdded += other.open.size();
    startNs = Math.min(startNs, other.startNs);
    endNs = Math.max(endNs, other.endNs);
  }

  /** I/Os that completed. */
  long ios() {
    long ios = 0;
    for (Direction direction : directions) {
      ios += direction.ios;
    }
    return ios;
  }

  /** Bytes that they moved. */
  long bytes() {
    long bytes = 0;
    for (Direction direction : directions) {
      bytes += direction.bytes;
    }
    return bytes;
  }

  JobSummary summary() {
    Direction data = new Direction();
    data.add(directions[READ]);
    data.add(directions[WRITE]);
    data.add(directions[TRIM]);
    long from = startNs == Long.MAX_VALUE ? 0 : startNs;
    return new JobSummary(
        name,
        from,
        Math.max(from, endNs),
        directions[READ].summary(),
        directions[WRITE].summary(),
        directions[TRIM].summary(),
        directions[SYNC].summary(),
        data.summary(),
        writeStall.latency(),
        open.size() + openAdded);
  }
}
