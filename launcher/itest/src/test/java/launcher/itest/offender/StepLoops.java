package launcher.itest.offender;

import block.bio.Bio;
import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import block.bio.spi.completion.CompletionPolicy;
import java.util.ArrayList;
import java.util.List;
import sim.kernel.Exec;
import sim.kernel.Step;

/** Keeps what it is given, and names the same step for ever in the time of the first of them. */
public final class StepLoops implements CompletionPolicy {
  @Override
  public CompletionDeferral attach(CompletionHost host) {
    return new Deferral();
  }

  private static final class Deferral implements CompletionDeferral {
    private final List<Bio> bios = new ArrayList<>();
    private final Step loop = this::loop;

    @Override
    public void defer(Exec x, Bio bio) {
      bios.add(bio);
      x.then(loop);
    }

    private void loop(Exec x) {
      x.then(loop);
    }

    @Override
    public List<Bio> detach() {
      return bios;
    }

    @Override
    public int pending() {
      return bios.size();
    }
  }
}
