package mm.core.reclaim;

import org.osgi.annotation.versioning.ConsumerType;
import sim.kernel.Exec;

/**
 * Where the pages of a swap area are: what {@code swap_writeout} and {@code swap_read_folio} do.
 */
@ConsumerType
public interface SwapWriter {
  /**
   * Writes a folio that is under writeback, and has {@link mm.core.PageCache#endWriteback} called
   * when that is done. Ends in the current step.
   */
  void write(Exec x, int folio, int slot);

  /**
   * Reads a locked folio, and has {@link mm.core.PageCache#endRead} called when that is done. Ends
   * in the current step.
   */
  void read(Exec x, int folio, int slot);
}
