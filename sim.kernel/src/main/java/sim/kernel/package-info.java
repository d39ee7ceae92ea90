/**
 * The simulated machine: CPUs with their context stacks, tasks and their scheduler, interrupts and
 * softirqs. Simulated code is written as {@link sim.kernel.Step steps}.
 */
@Export
@Version("1.3.0")
package sim.kernel;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
