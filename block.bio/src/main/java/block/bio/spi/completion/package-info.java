/**
 * Completion deferral: which task ends a bio that completed in atomic context?
 *
 * <p>A bundle adds a policy by registering a {@link block.bio.spi.completion.CompletionPolicy}
 * service with a {@link sim.kernel.spi.PolicyId}. The rules:
 *
 * <ul>
 *   <li>CP-1: every bio that a deferral took is given to {@link
 *       block.bio.spi.completion.CompletionHost#endBio} exactly once, or returned by {@link
 *       block.bio.spi.completion.CompletionDeferral#detach}.
 *   <li>CP-2: {@code endBio} is called in a task that may sleep.
 *   <li>CP-3: {@code defer} neither sleeps nor ends the bio itself.
 *   <li>CP-4: {@code detach} returns each pending bio once, by CPU and then by arrival, and after
 *       it the deferral touches no bio.
 *   <li>CP-5: all state is in what {@code attach} returned; two runs share nothing.
 * </ul>
 */
@Export
@Version("1.1.0")
package block.bio.spi.completion;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
