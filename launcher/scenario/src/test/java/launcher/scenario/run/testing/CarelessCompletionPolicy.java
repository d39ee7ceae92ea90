package launcher.scenario.run.testing;

import block.bio.Bio;
import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import block.bio.spi.completion.CompletionPolicy;
import java.util.List;
import sim.kernel.Exec;
import sim.kernel.lock.LockClass;
import sim.kernel.lock.SpinLock;

/** Ends bios as it should, and breaks rules of contexts and locks on the way. */
public final class CarelessCompletionPolicy implements CompletionPolicy {
  @Override
  public CompletionDeferral attach(CompletionHost host) {
    CompletionDeferral rest =
        new ListedCompletionPolicy(ListedCompletionPolicy.Fault.NONE).attach(host);
    return new Deferral(rest);
  }

  /** Sleeps in the interrupt, and takes two locks now in one order and now in the other. */
  private static final class Deferral implements CompletionDeferral {
    private final SpinLock bios = new SpinLock(new LockClass("bios_lock"));
    private final SpinLock batch = new SpinLock(new LockClass("batch_lock"));
    private final CompletionDeferral rest;
    private boolean turned;

    Deferral(CompletionDeferral rest) {
      this.rest = rest;
    }

    @Override
    public void defer(Exec x, Bio bio) {
      x.mightSleep();
      SpinLock outer = turned ? bios : batch;
      outer.encloses(x, turned ? batch : bios);
      turned = !turned;
      rest.defer(x, bio);
    }

    @Override
    public int pending() {
      return rest.pending();
    }

    @Override
    public List<Bio> detach() {
      return rest.detach();
    }
  }
}
