package mm.core.spi.eviction;

import org.osgi.annotation.versioning.ProviderType;
import sim.kernel.Machine;

/** What the page cache offers to an eviction policy in one run. */
@ProviderType
public interface EvictionHost {
  /** The machine of the run. */
  Machine machine();
}
