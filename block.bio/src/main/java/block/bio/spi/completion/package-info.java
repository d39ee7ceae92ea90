/**
 * Completion deferral: which task ends a bio that completed in atomic context?
 *
 * <p>A bundle adds a policy by registering a {@link block.bio.spi.completion.CompletionPolicy}
 * service with a {@link sim.kernel.spi.PolicyId}. {@code policies.tck} examines it by these rules:
 *
 * <ul>
 *   <li>CP-1: Every bio that a deferral took is given to {@code endBio} exactly once or returned by
 *       {@code detach}, and counted by {@code pending} until then.
 *   <li>CP-2: {@code endBio} is called in a task that may sleep.
 *   <li>CP-3: {@code defer} neither sleeps nor ends the bio itself.
 *   <li>CP-4: {@code detach}, at whatever time, returns each pending bio once, those of one CPU
 *       that ask for the same task in the order in which they came, and after it the deferral
 *       touches no bio.
 *   <li>CP-5: All state is in what {@code attach} returned: two runs share nothing.
 *   <li>CP-6: {@code wants} says yes to every bio that completes where its end may not sleep.
 *   <li>CP-7: Each bio is ended within a second of an idle machine, whether or not another one
 *       comes.
 *   <li>CP-8: A bio that completes on a CPU at any step of its way down or up, refused or not, is
 *       ended once, and soon.
 *   <li>CP-9: It may come into use at any time: it ends what is handed over, and bios of CPUs that
 *       are down, going or coming.
 *   <li>CP-10: Bios of one CPU that ask for the same task are ended in the order in which they
 *       came.
 *   <li>CP-11: Between two events it does a bounded amount of work, however much is pending: {@code
 *       defer} costs the same, a step ends one bio, and no loop goes on for ever.
 *   <li>CP-12: What it makes (tasks, events, memory) does not grow with the number of bios that
 *       have passed.
 *   <li>CP-13: The same run has the same trace twice.
 *   <li>CP-14: Its tasks break no rule of their context: no sleep with a lock, nothing left
 *       disabled.
 *   <li>CP-15: Nothing that it is called for throws, or returns null for a deferral or a list.
 *   <li>CP-16: drains changes nothing, and has said yes of each CPU whose bios are ended.
 * </ul>
 */
@Export
@Version("1.1.0")
package block.bio.spi.completion;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
