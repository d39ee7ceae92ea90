package policies.writeback.ideal;

import mm.core.AddressSpace;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.spi.writeback.WritebackPolicy;
import org.osgi.service.component.annotations.Component;
import sim.kernel.Exec;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * The bound of its family: what a write has dirtied is submitted at the instant at which the write
 * ends, by a task whose CPU time nobody pays and which waits in the writer's place. No kernel can;
 * no policy can have a writer return earlier, or a page leave the dirty state earlier.
 *
 * <p>It bounds what writing costs the CPUs and the writer, not what the device makes of it: a
 * policy that waits may merge what this one submits piece by piece.
 */
@Component(name = IdealWritebackPolicy.ID)
@PolicyId(IdealWritebackPolicy.ID)
@PolicySource("none: a bound")
public final class IdealWritebackPolicy implements WritebackPolicy {
  static final String ID = "writeback.ideal";

  @Override
  public WritebackDeferral attach(WritebackHost host) {
    return new WritebackDeferral() {
      @Override
      public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
        host.flushRangeIdeally(x, mapping, pos, countBytes);
      }

      @Override
      public void detach() {
        // Flushes that have begun go on; nothing is pending here.
      }
    };
  }
}
