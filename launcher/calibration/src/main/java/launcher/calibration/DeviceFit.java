package launcher.calibration;

import block.bio.device.LatencyTable;
import java.util.List;
import java.util.Optional;

/**
 * A device's measured latencies.
 *
 * @param reads of reads; empty if none were measured
 * @param writes of writes; empty if none were measured
 * @param cells what was measured, beside the fit
 */
public record DeviceFit(
    Optional<LatencyTable> reads, Optional<LatencyTable> writes, List<CellFit> cells) {
  /** Copies the list. */
  public DeviceFit {
    cells = List.copyOf(cells);
  }
}
