/**
 * The virtual clock of a run and the events that move it.
 *
 * <p>One run owns one {@link sim.kernel.event.EventQueue} and uses it from one thread. Whoever
 * simulates time schedules an {@link sim.kernel.event.EventHandler} with a number of its own; the
 * queue hands both back when the clock gets there.
 */
@Export
@Version("1.1.0")
package sim.kernel.event;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
