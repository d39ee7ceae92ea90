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

  private final RunParts parts;
  private final BlockMap map;
  private final ArrayDeque<DirectCall> calls = new ArrayDeque<>();

  WorkFile(String path, RunParts parts, AddressSpace mapping, BlockMap map, long baseBytes) {
    this.path = path;
    this.parts = parts;
    this.mapping = mapping;
    this.map = map;
    this.baseBytes = baseBytes;
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
