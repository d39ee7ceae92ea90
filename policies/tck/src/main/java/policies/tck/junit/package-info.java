/**
 * JUnit tests for whoever writes a policy: extend the class of the policy's family, say which
 * policy, and there is one test a rule.
 */
@Export
@Version("0.1.0")
package policies.tck.junit;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
