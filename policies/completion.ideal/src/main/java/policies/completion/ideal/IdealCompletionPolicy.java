package policies.completion.ideal;

import block.bio.Bio;
import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import block.bio.spi.completion.CompletionPolicy;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import sim.kernel.Exec;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * The bound of its family: ends each bio at once, on the CPU that completed it, as if a task had
 * been there all along whose time costs nobody anything. No kernel can; no policy can be faster.
 */
@Component(name = IdealCompletionPolicy.ID)
@PolicyId(IdealCompletionPolicy.ID)
@PolicySource("none: a bound")
public final class IdealCompletionPolicy implements CompletionPolicy {
  static final String ID = "completion.ideal";

  @Override
  public CompletionDeferral attach(CompletionHost host) {
    return new CompletionDeferral() {
      @Override
      public void defer(Exec x, Bio bio) {
        host.endBioAsTask(x, bio);
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
