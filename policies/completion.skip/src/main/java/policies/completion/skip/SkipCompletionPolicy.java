package policies.completion.skip;

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
 * Defers nothing, as kernels before 7.3: a bio ends where it completes. In an interrupt the page
 * cache then skips dropbehind and the folios stay cached; on a path that completes in a task, as
 * the file system's own workqueue, they are dropped.
 */
@Component(name = SkipCompletionPolicy.ID)
@PolicyId(SkipCompletionPolicy.ID)
@PolicySource("block/bio.c bio_endio(), before 7.3")
public final class SkipCompletionPolicy implements CompletionPolicy {
  static final String ID = "completion.skip";

  @Override
  public CompletionDeferral attach(CompletionHost host) {
    return new CompletionDeferral() {
      @Override
      public boolean wants(Exec x, Bio bio) {
        return false;
      }

      @Override
      public void defer(Exec x, Bio bio) {
        throw new IllegalStateException(ID + ": was given " + bio + ", which it didn't want");
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
