/**
 * The rules that every policy must keep, by family, and how a policy is examined by them.
 *
 * <p>{@link policies.tck.TckFamily} has the rules of a family; {@link policies.tck.TckExamination}
 * examines one policy. {@code policies.tck.junit} makes JUnit tests of it; {@code deferlab tck}
 * does it for a bundle. Each rule is told by trials: runs of a machine with the policy in use that
 * would show a breach. Every trial is the same each time.
 */
@Export
@Version("0.1.0")
package policies.tck;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
