package launcher.fio.sequence;

/** One file as a job sees it: its region, where the last I/O was, and what was touched. */
final class Region {
  static final long NOWHERE = -1;
  private static final int DIRECTIONS = 3;

  final int index;
  final long offset;
  final long regionBytes;
  final long fileBytes;
  final long[] lastStart = new long[DIRECTIONS];
  final long[] lastEnd = new long[DIRECTIONS];
  boolean open;
  boolean done;

  /** First byte and end of the writes since the last sync_file_range; the former -1 if none. */
  long unsyncedStart = NOWHERE;

  long unsyncedEnd;

  /** Null unless the job has a random map. */
  BlockMap map;

  /** Null unless the job draws with one. */
  Lfsr lfsr;

  /** Null unless the job's distribution is skewed. */
  SkewedDraw skew;

  Region(int index, FileLayout.Part part) {
    this.index = index;
    offset = part.offsetBytes();
    regionBytes = part.regionBytes();
    fileBytes = part.sizeBytes();
  }

  long end() {
    return offset + regionBytes;
  }

  /** As a newly opened file: nothing touched, positions at the start. */
  void reset(long lfsrSeed) {
    for (int i = 0; i < DIRECTIONS; i++) {
      lastEnd[i] = offset;
      lastStart[i] = NOWHERE;
    }
    if (map != null) {
      map.clear();
    }
    if (lfsr != null) {
      lfsr.reset(lfsrSeed);
    }
  }
}
