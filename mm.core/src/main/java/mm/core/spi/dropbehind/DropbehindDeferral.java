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
   * Hands back each pending folio once, by CPU and then by arrival; never null. Called once,
   * between two events; this deferral's tasks and timers may still run afterwards and must find
   * nothing.
   */
  int[] detach();

  /** How many folios are pending. */
  int pending();
}
