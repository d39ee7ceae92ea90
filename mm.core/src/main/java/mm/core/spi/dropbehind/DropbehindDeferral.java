package mm.core.spi.dropbehind;

import org.osgi.annotation.versioning.ConsumerType;
import sim.kernel.Exec;

/** The pending folios of one policy in one run. Holds no service. */
@ConsumerType
public interface DropbehindDeferral {
  /**
   * Takes over a dropbehind folio whose writeback has ended outside task context, on the CPU that
   * ended it. Never sleeps. Every folio taken is given to {@link DropbehindHost#endDropbehind}
   * exactly once, or handed back by {@link #detach}; the page cache holds a reference until then.
   *
   * @return false if it isn't taken: the folio stays cached then
   */
  boolean defer(Exec x, int folio);

  /**
   * Hands back each pending folio once, those of one CPU in the order in which they came; never
   * null. Called once, between two events; this deferral's tasks and timers may still run
   * afterwards and must find nothing.
   */
  int[] detach();

  /**
   * Whether somebody will come for the folios of a CPU: a work item, timer or thread that ends them
   * is pending or running. Asked between steps, while the deferral has folios that were given
   * there; changes nothing. Nothing is asked about a CPU that goes or comes.
   *
   * @return true, for a deferral that can't say: that it ends none is then seen after 30 s only
   */
  default boolean drains(int cpu) {
    return true;
  }

  /** How many folios are pending. */
  int pending();
}
