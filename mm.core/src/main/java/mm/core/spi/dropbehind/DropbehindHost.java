package mm.core.spi.dropbehind;

import org.osgi.annotation.versioning.ProviderType;
import sim.kernel.Exec;
import sim.kernel.Machine;

/** What the page cache offers to a dropbehind policy in one run. */
@ProviderType
public interface DropbehindHost {
  /** The machine of the run. */
  Machine machine();

  /**
   * Drops a folio that was deferred, if it can be locked at once and is still to be dropped, and
   * puts the reference held for it. A step function in task context.
   */
  void endDropbehind(Exec x, int folio);
}
