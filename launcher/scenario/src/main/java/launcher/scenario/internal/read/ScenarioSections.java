package launcher.scenario.internal.read;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import launcher.scenario.DeviceFault;
import launcher.scenario.Expectation;
import launcher.scenario.FileSystemSpec;
import launcher.scenario.HotplugOperation;
import launcher.scenario.PolicyFaultResponse;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioFiles;
import launcher.scenario.Swap;
import launcher.scenario.Unit;
import launcher.scenario.Workload;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.tree.Problems;
import launcher.scenario.tree.Section;
import launcher.scenario.tree.Suggestion;
import launcher.scenario.tree.TreeNode;
import launcher.scenario.tree.TreeNode.Mapping;
import launcher.trace.ReadProgress;
import sim.kernel.check.CustodyBound;
import sim.kernel.check.Sanitizer;

/** Reads a scenario's tree, defaults and all, into a {@link Scenario}. */
public final class ScenarioSections {
  private static final String ERA_DEFAULT = "E4";
  private static final long DURATION_NS_MAX = 1_000_000L * 1_000_000_000L;

  /** Sections that may be written as a single word, and what that word stands for. */
  private static final Map<String, String> SHORT_FORMS = shortForms();

  private final ScenarioFiles files;
  private final PolicyLookup lookup;
  private final Map<String, Unit> runMetrics;
  private final Map<String, Unit> jobMetrics;
  private final ReadProgress progress;
  private final Problems problems;

  /**
   * A reader.
   *
   * @param files where other files are read from
   * @param lookup where policies are found
   * @param runMetrics figures that {@code expect} may name, with their units
   * @param jobMetrics those of a single job
   * @param progress is told how far traces are read
   * @param problems told of whatever is wrong
   */
  public ScenarioSections(
      ScenarioFiles files,
      PolicyLookup lookup,
      Map<String, Unit> runMetrics,
      Map<String, Unit> jobMetrics,
      ReadProgress progress,
      Problems problems) {
    this.progress = progress;
    this.files = files;
    this.lookup = lookup;
    this.runMetrics = runMetrics;
    this.jobMetrics = jobMetrics;
    this.problems = problems;
  }

  private static Map<String, String> shortForms() {
    Map<String, String> forms = new LinkedHashMap<>();
    forms.put("machine", "profile");
    forms.put("device", "model");
    forms.put("filesystem", "type");
    forms.put("memory", "size");
    return forms;
  }

  /**
   * Turns {@code device: nvme} into {@code device: {model: nvme}}, and so on, and makes the
   * sections that are not there.
   */
  public static void expandShortForms(Mapping root) {
    SHORT_FORMS.forEach((section, key) -> expand(root, section, key));
    for (String section : SHORT_FORMS.keySet()) {
      root.members()
          .computeIfAbsent(
              section, key -> new TreeNode.Member(root.origin(), Mapping.empty(root.origin())));
    }
    if (root.members().get("device").value() instanceof Mapping device) {
      expandBacking(device);
    }
  }

  /** A device below a device is refused later, by what it is and not by how it was written. */
  private static void expandBacking(Mapping device) {
    expand(device, "backing", "model");
    TreeNode.Member backing = device.members().get("backing");
    if (backing != null && backing.value() instanceof Mapping lower) {
      expandBacking(lower);
    }
  }

  private static void expand(Mapping in, String section, String key) {
    TreeNode.Member member = in.members().get(section);
    if (member != null && member.value() instanceof TreeNode.Scalar) {
      Mapping mapping = Mapping.empty(member.value().origin());
      mapping.members().put(key, member);
      in.members().put(section, new TreeNode.Member(member.keyOrigin(), mapping));
    }
  }

  /**
   * Reads the whole tree.
   *
   * @param file its name, for messages and results
   * @param folder where relative names of other files begin
   */
  public Scenario read(Mapping root, String file, String folder) {
    expandShortForms(root);
    String era = fillFromEra(root, folder);
    new CalibrationReader(files, problems).fill(root, folder);
    fillFromMachine(root);
    Section top = new Section(root, "", problems);
    top.require("scenario", "give it a short name");
    String name = top.text("scenario").orElse("");
    String description = top.text("description").orElse("");
    long seed = top.number("seed", Unit.COUNT, Long.MIN_VALUE, Long.MAX_VALUE).orElse(1);
    long durationNs = top.number("duration", Unit.NANOSECONDS, 1, DURATION_NS_MAX).orElse(0);
    var machine = MachineReader.read(section(top, "machine"));
    var device = DeviceReader.read(section(top, "device"));
    var memory = MemoryReader.read(section(top, "memory"), GroupReader.read(top));
    var fileSystem = FileSystemReader.read(section(top, "filesystem"));
    PolicyReader policyReader = new PolicyReader(lookup);
    Map<String, String> policies = policyReader.read(section(top, "policies"));
    List<Swap> swaps = policyReader.readSwaps(top);
    PolicyFaultResponse onFault = new FaultResponseReader(policyReader).read(top);
    long pendingMax =
        top.number("policy-pending-max", Unit.COUNT, 1, Integer.MAX_VALUE)
            .orElse(CustodyBound.USUAL.items());
    CustodyBound custodyBound = new CustodyBound((int) pendingMax);
    Set<Sanitizer> sanitizersOff =
        top.section("sanitizers").map(SanitizerReader::readOff).orElse(Set.of());
    Workload workload =
        new WorkloadReader(files, folder, machine.cpus(), memory, progress, problems).read(top);
    List<HotplugOperation> hotplug = new HotplugReader(machine.cpus()).read(top);
    List<DeviceFault> faults = new DeviceFaultReader(device).read(top);
    if (fileSystem.type() == FileSystemSpec.Type.EROFS) {
      ErofsReader.refuseJobs(workload.jobs(), problems);
    }
    Optional<String> expectedFailure = readExpectedFailure(top);
    List<Expectation> expectations = readExpectations(top, workload);
    top.node("era");
    top.node("eras");
    top.node("calibration");
    top.refuseUnknown();
    return new Scenario(
        name,
        description,
        file,
        seed,
        durationNs,
        machine,
        device,
        memory,
        fileSystem,
        era,
        policies,
        workload,
        swaps,
        hotplug,
        faults,
        onFault,
        custodyBound,
        sanitizersOff,
        expectedFailure,
        expectations);
  }

  private static Optional<String> readExpectedFailure(Section top) {
    Optional<String> text = top.text("expect-failure");
    if (text.filter(String::isBlank).isPresent()) {
      top.wrong("expect-failure", "is empty; it must be part of the message of the failure");
    }
    return text;
  }

  private List<Expectation> readExpectations(Section top, Workload workload) {
    Optional<Section> expect = top.section("expect");
    if (expect.isEmpty()) {
      return List.of();
    }
    List<String> jobs = workload.jobs().stream().map(job -> job.name()).distinct().toList();
    return new ExpectationReader(runMetrics, jobMetrics, jobs).read(expect.get());
  }

  /** A section that is always there; empty if it was no mapping, which is then a problem. */
  private Section section(Section top, String key) {
    return top.section(key)
        .orElseGet(() -> new Section(Mapping.empty(top.origin()), key, new Problems()));
  }

  private String fillFromEra(Mapping root, String folder) {
    Section top = new Section(root, "", problems);
    Eras eras = Eras.shipped();
    top.text("eras")
        .ifPresent(file -> eras.add(files, Path.of(folder).resolve(file).toString(), problems));
    String era = top.text("era").orElse(ERA_DEFAULT);
    if (eras.set(era).isEmpty()) {
      top.wrong("era", "there is no era '" + era + "'", eras.whatExists(era));
      era = ERA_DEFAULT;
    }
    root.fillFrom(eras.set(era).orElseThrow());
    return era;
  }

  private void fillFromMachine(Mapping root) {
    if (!(root.members().get("machine").value() instanceof Mapping machine)) {
      return;
    }
    Section section = new Section(machine, "machine", problems);
    String profile = section.text("profile").orElse("default");
    Map<String, Mapping> machines = Defaults.machines().sets();
    if (!machines.containsKey(profile)) {
      section.wrong(
          "profile",
          "there is no machine '" + profile + "'",
          Suggestion.lines(profile, machines.keySet()));
      profile = "default";
    }
    machine.fillFrom(machines.get(profile));
    machine.members().remove("profile");
  }
}
