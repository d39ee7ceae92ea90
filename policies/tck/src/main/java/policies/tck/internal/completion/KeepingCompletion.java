package policies.tck.internal.completion;

import block.bio.Bio;
import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import block.bio.spi.completion.CompletionPolicy;
import java.util.ArrayList;
import java.util.List;
import sim.kernel.Exec;

/** A predecessor that ends nothing: whoever comes after it gets every bio. */
final class KeepingCompletion implements CompletionPolicy {
  @Override
  public CompletionDeferral attach(CompletionHost host) {
    List<List<Bio>> kept = new ArrayList<>();
    for (int cpu = 0; cpu < host.machine().cpuCount(); cpu++) {
      kept.add(new ArrayList<>());
    }
    return new CompletionDeferral() {
      @Override
      public boolean wants(Exec x, Bio bio) {
        return true;
      }

      @Override
      public void defer(Exec x, Bio bio) {
        kept.get(x.cpu().id()).add(bio);
      }

      @Override
      public List<Bio> detach() {
        return kept.stream().flatMap(List::stream).toList();
      }

      @Override
      public int pending() {
        return kept.stream().mapToInt(List::size).sum();
      }
    };
  }
}
