package launcher.scenario.internal.workload;

import block.bio.direct.BlockMap;
import java.util.ArrayDeque;
import mm.core.AddressSpace;

/** A file that jobs work on; two jobs have the same one if they name the same path. */
final class WorkFile {
  final String path;
  final AddressSpace mapping;

  /** Where it begins in {@link #mapping}: above 0 for a region of the block device. */
  final long baseBytes;

  /** How much of it the jobs use. */
  final long usedBytes;

  /**
   * Where a file is.
   *
   * @param path its name
   * @param baseBytes its begin in its mapping
   * @param usedBytes how much of it the jobs use
   */
  record Place(String path, long baseBytes, long usedBytes) {}

  private final RunParts parts;
  private final BlockMap map;
  private final ArrayDeque<DirectCall> calls = new ArrayDeque<>();

  WorkFile(RunParts parts, AddressSpace mapping, BlockMap map, Place place) {
    this.parts = parts;
    this.mapping = mapping;
    this.map = map;
    path = place.path;
    baseBytes = place.baseBytes;
    usedBytes = place.usedBytes;
  }

  /** A direct I/O that is not in flight; it comes back by itself. */
  DirectCall takeCall() {
    DirectCall call = calls.pollLast();
    return call == null ? new DirectCall(this, parts, map) : call;
  }

  void give(DirectCall call) {
    calls.addLast(call);
  }

  @Override
  public String toString() {
    return path;
  }
}
