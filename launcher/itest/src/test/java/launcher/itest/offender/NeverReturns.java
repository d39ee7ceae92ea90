package launcher.itest.offender;

import block.bio.Bio;
import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import block.bio.spi.completion.CompletionPolicy;
import java.util.List;
import sim.kernel.Exec;

/** Does not return from its first call, so that no bound of the machine reaches it. */
public final class NeverReturns implements CompletionPolicy {
  @Override
  public CompletionDeferral attach(CompletionHost host) {
    return new CompletionDeferral() {
      @Override
      public void defer(Exec x, Bio bio) {
        while (true) {
          Thread.onSpinWait();
        }
      }

      @Override
      public List<Bio> detach() {
        return List.of();
      }

      @Override
      public int pending() {
        return 0;
      }
    };
  }
}
