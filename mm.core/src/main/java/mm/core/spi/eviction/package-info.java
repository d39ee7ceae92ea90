/**
 * Eviction of mapped folios: when are dropped folios unmapped and the TLBs flushed?
 *
 * <p>A bundle adds a policy by registering an {@link mm.core.spi.eviction.EvictionPolicy} service
 * with a {@link sim.kernel.spi.PolicyId}.
 *
 * <p>{@code policies.tck} examines it by these rules:
 *
 * <ul>
 *   <li>EP-1: Every folio that a batch took is finished or put back exactly once, or handed back,
 *       and counted by {@code pending} until then.
 *   <li>EP-2: A folio is finished after it was unmapped and the TLBs were flushed since.
 *   <li>EP-3: {@code flush} leaves nothing pending.
 *   <li>EP-4: {@code handBack}, at whatever time, returns each folio that is not finished, in the
 *       order they were taken, and after it the batch touches no folio.
 *   <li>EP-5: All state is in what {@code attach} and {@code newBatch} returned: two tasks and two
 *       runs share nothing.
 *   <li>EP-6: It unlocks only folios that are for pageout, and finishes such a one only if it has
 *       locked it again and nobody has mapped, pinned or written it since it was unlocked.
 *   <li>EP-7: It may come into use at any time: it finishes what is handed over, unmapped or not.
 *   <li>EP-8: The task that evicts goes on: each of its calls ends within a second.
 *   <li>EP-9: It goes on at any step of a CPU's way down or up, refused or not.
 *   <li>EP-10: It keeps at most 512 folios pending, however long the list.
 *   <li>EP-11: Between two events it does a bounded amount of work: a step finishes one folio, and
 *       no loop goes on for ever.
 *   <li>EP-12: What it makes (tasks, events, memory) does not grow with the number of lists.
 *   <li>EP-13: The same run has the same trace twice.
 *   <li>EP-14: It breaks no rule of its context: no sleep with a lock, nothing left disabled.
 *   <li>EP-15: Nothing that it is called for throws, or returns null for a deferral, a batch or a
 *       list.
 * </ul>
 */
@Export
@Version("2.0.0")
package mm.core.spi.eviction;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
