package mm.core;

import java.util.Objects;
import mm.core.spi.dropbehind.DropbehindDeferral;
import mm.core.spi.dropbehind.DropbehindHost;
import mm.core.spi.dropbehind.DropbehindPolicy;
import sim.kernel.Exec;
import sim.kernel.Machine;

/**
 * The dropbehind policy in use, and custody of the folios that it has taken over. None in use is
 * what kernels without folio-level deferral do: the folio stays.
 */
public final class DropbehindSlot {
  private final PageCache cache;
  private final Host host = new Host();
  private DropbehindDeferral deferral;
  private String id = "";
  private long inCustody;

  DropbehindSlot(PageCache cache) {
    this.cache = cache;
  }

  /** Id of the policy in use; empty for none. */
  public String id() {
    return id;
  }

  /** Folios taken over and neither dropped nor handed back. */
  public long inCustody() {
    return inCustody;
  }

  /**
   * Puts a policy in use, between two events. What the one before has pending stays cached, as if
   * its look at it had failed.
   *
   * @return how many folios that were
   */
  public int use(String policyId, DropbehindPolicy policy) {
    Objects.requireNonNull(policy, "policy");
    int kept = stop();
    deferral = policy.attach(host);
    id = policyId;
    return kept;
  }

  /** Takes the policy out of use: folios whose writeback ends outside a task stay cached. */
  public int stop() {
    if (deferral == null) {
      return 0;
    }
    int[] pending = deferral.detach();
    if (pending.length != inCustody) {
      throw new IllegalStateException(
          "dropbehind policy "
              + id
              + ": handed back "
              + pending.length
              + " folios; it has taken "
              + inCustody
              + " that were not ended");
    }
    for (int folio : pending) {
      inCustody--;
      cache.put(folio);
    }
    deferral = null;
    id = "";
    return pending.length;
  }

  /** Offers a folio whose writeback ended outside task context; true if it was taken over. */
  boolean defer(Exec x, int folio) {
    if (deferral == null) {
      return false;
    }
    cache.folios().get(folio);
    inCustody++;
    if (!deferral.defer(x, folio)) {
      inCustody--;
      cache.put(folio);
      return false;
    }
    return true;
  }

  private final class Host implements DropbehindHost {
    @Override
    public Machine machine() {
      return cache.machine();
    }

    @Override
    public void endDropbehind(Exec x, int folio) {
      inCustody--;
      cache.dropbehind().endDeferred(x, folio);
    }
  }
}
