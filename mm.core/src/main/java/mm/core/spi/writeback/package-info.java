/**
 * Writeback of DONTCACHE writes: who submits it, and when?
 *
 * <p>A bundle adds a policy by registering a {@link mm.core.spi.writeback.WritebackPolicy} service
 * with a {@link sim.kernel.spi.PolicyId}.
 *
 * <p>{@code policies.tck} examines it by these rules:
 *
 * <ul>
 *   <li>WP-1: What a DONTCACHE write has dirtied is written within a second of the last write,
 *       without another write, an fsync or the flusher's timer.
 *   <li>WP-2: The writer's call returns within a second of its write.
 *   <li>WP-3: After {@code detach} it starts no writeback, at whatever time that comes.
 *   <li>WP-4: All state is in what {@code attach} returned: two runs share nothing.
 *   <li>WP-5: It may come into use at any time: writers that have waited for it return, and later
 *       writes are written.
 *   <li>WP-6: A writer that is in it when it leaves returns all the same.
 *   <li>WP-7: A write that ends at any step of a CPU's way down or up, refused or not, is written,
 *       and its writer returns.
 *   <li>WP-8: Between two events it does a bounded amount of work, however many writes there have
 *       been: the call costs the same, and no loop goes on for ever.
 *   <li>WP-9: What it makes (tasks, events, memory) does not grow with the number of writes.
 *   <li>WP-10: The same run has the same trace twice.
 *   <li>WP-11: It breaks no rule of its context: no sleep with a lock, nothing left disabled.
 *   <li>WP-12: Nothing that it is called for throws, or returns null for a deferral.
 * </ul>
 */
@Export
@Version("1.1.0")
package mm.core.spi.writeback;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
