package policies.completion.inline;

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
 * Wrong on purpose: takes a bio whose end wants a task, and ends it in the interrupt all the same,
 * as a direct call of {@code bi_end_io} there does. Each such bio is a complaint; what its owner
 * then does wrong is one more.
 */
@Component(name = InlineCompletionPolicy.ID)
@PolicyId(InlineCompletionPolicy.ID)
@PolicySource("none: a direct call of bi_end_io() in the interrupt")
public final class InlineCompletionPolicy implements CompletionPolicy {
  static final String ID = "completion.inline";

  @Override
  public CompletionDeferral attach(CompletionHost host) {
    return new CompletionDeferral() {
      @Override
      public void defer(Exec x, Bio bio) {
        host.endBio(x, bio);
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
