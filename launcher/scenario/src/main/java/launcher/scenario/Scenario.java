package launcher.scenario;

import block.bio.device.DeviceProfile;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import sim.kernel.check.CustodyBound;
import sim.kernel.check.Sanitizer;
import sim.kernel.machine.MachineProfile;

/**
 * Everything that a run depends on: the same scenario gives the same trace, bit for bit.
 *
 * @param name short name
 * @param description what it shows; may be empty
 * @param file where it was read from
 * @param seed the only source of chance
 * @param durationNs virtual time after which jobs are told to stop; 0: they end by themselves
 * @param machine CPUs, kernel build and costs
 * @param device the block device
 * @param memory memory and its thresholds
 * @param fileSystem what files are on
 * @param era the kernel whose policies and switches are the defaults
 * @param policies id of the policy in use at the start, by family
 * @param workload what the tasks do
 * @param swaps changes of policy, by time
 * @param hotplug CPUs that go offline and online, by time
 * @param faults commands that the device ends with an error, by time
 * @param onPolicyFault what happens when a policy breaks a rule
 * @param custodyBound how much a policy may have pending at one time
 * @param sanitizersOff what the run does not watch itself for
 * @param expectedFailure part of the message with which the run is to fail; empty if it must not
 * @param expectations what the result will show
 */
public record Scenario(
    String name,
    String description,
    String file,
    long seed,
    long durationNs,
    MachineProfile machine,
    DeviceProfile device,
    MemorySpec memory,
    FileSystemSpec fileSystem,
    String era,
    Map<String, String> policies,
    Workload workload,
    List<Swap> swaps,
    List<HotplugOperation> hotplug,
    List<DeviceFault> faults,
    PolicyFaultResponse onPolicyFault,
    CustodyBound custodyBound,
    Set<Sanitizer> sanitizersOff,
    Optional<String> expectedFailure,
    List<Expectation> expectations) {
  /** Copies the collections. */
  public Scenario {
    policies = Collections.unmodifiableMap(new LinkedHashMap<>(policies));
    swaps = List.copyOf(swaps);
    hotplug = List.copyOf(hotplug);
    faults = List.copyOf(faults);
    sanitizersOff = Collections.unmodifiableSet(new TreeSet<>(sanitizersOff));
    expectations = List.copyOf(expectations);
  }

  /** CPUs of its machine. */
  public int cpus() {
    return machine.cpus();
  }
}
