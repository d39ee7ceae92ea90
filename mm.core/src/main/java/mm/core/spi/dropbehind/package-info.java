/**
 * Dropbehind of folios: who drops a folio whose writeback ended in atomic context, where the bio
 * level does not?
 *
 * <p>A bundle adds a policy by registering a {@link mm.core.spi.dropbehind.DropbehindPolicy}
 * service with a {@link sim.kernel.spi.PolicyId}. A run without one leaves such folios cached, as
 * kernels 6.15 to 7.2 do.
 *
 * <p>{@code policies.tck} examines it by these rules:
 *
 * <ul>
 *   <li>DP-1: Every folio that a deferral took is given to {@code endDropbehind} exactly once or
 *       returned by {@code detach}, and counted by {@code pending} until then.
 *   <li>DP-2: {@code endDropbehind} is called in a task that may sleep.
 *   <li>DP-3: {@code defer} neither sleeps nor ends the folio itself.
 *   <li>DP-4: {@code detach}, at whatever time, returns each pending folio once, those of one CPU
 *       in the order in which they came, and after it the deferral touches no folio.
 *   <li>DP-5: All state is in what {@code attach} returned: two runs share nothing.
 *   <li>DP-6: Each folio taken is ended within a second of an idle machine, whether or not another
 *       one comes.
 *   <li>DP-7: A folio whose writeback ends on a CPU at any step of its way down or up, refused or
 *       not, is ended once, and soon, or was not taken.
 *   <li>DP-8: It may come into use at any time: it ends what is handed over, and folios of CPUs
 *       that are down, going or coming.
 *   <li>DP-9: Folios of one CPU are ended in the order in which they came.
 *   <li>DP-10: Between two events it does a bounded amount of work, however much is pending: {@code
 *       defer} costs the same, a step ends one folio, and no loop goes on for ever.
 *   <li>DP-11: What it makes (tasks, events, memory) does not grow with the number of folios that
 *       have passed.
 *   <li>DP-12: The same run has the same trace twice.
 *   <li>DP-13: Its tasks break no rule of their context: no sleep with a lock, nothing left
 *       disabled.
 *   <li>DP-14: Nothing that it is called for throws, or returns null for a deferral or a list.
 *   <li>DP-15: drains changes nothing, and has said yes of each CPU whose folios are ended.
 * </ul>
 */
@Export
@Version("1.1.0")
package mm.core.spi.dropbehind;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
