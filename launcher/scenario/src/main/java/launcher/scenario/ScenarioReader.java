package launcher.scenario;

import block.bio.device.DeviceProfile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.scenario.internal.read.Defaults;
import launcher.scenario.internal.read.DeviceText;
import launcher.scenario.internal.read.Eras;
import launcher.scenario.internal.read.ScenarioSections;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.tree.Origin;
import launcher.scenario.tree.Problems;
import launcher.scenario.tree.TreeNode;
import launcher.scenario.tree.TreeNode.Mapping;
import launcher.scenario.tree.YamlTree;
import launcher.trace.ReadProgress;

/**
 * Reads scenarios and job files, strictly: an unknown key, a missing unit, a value out of range or
 * a policy that is not there is a problem with its position, and all problems are told at once.
 * {@code docs/scenarios.md} lists the keys.
 */
public final class ScenarioReader {
  private final ScenarioFiles files;
  private final PolicyLookup lookup;
  private final Map<String, Unit> runMetrics;
  private final Map<String, Unit> jobMetrics;
  private final ReadProgress progress;

  /**
   * A reader.
   *
   * @param lookup where policies are found
   * @param runMetrics figures that {@code expect} may name, with their units
   * @param jobMetrics those of a single job
   */
  public ScenarioReader(
      PolicyLookup lookup, Map<String, Unit> runMetrics, Map<String, Unit> jobMetrics) {
    this(ScenarioFiles.onDisk(), lookup, runMetrics, jobMetrics, ReadProgress.NONE);
  }

  private ScenarioReader(
      ScenarioFiles files,
      PolicyLookup lookup,
      Map<String, Unit> runMetrics,
      Map<String, Unit> jobMetrics,
      ReadProgress progress) {
    this.progress = progress;
    this.files = files;
    this.lookup = lookup;
    this.runMetrics = runMetrics;
    this.jobMetrics = jobMetrics;
  }

  /** The same reader of other files. */
  public ScenarioReader reading(ScenarioFiles others) {
    return new ScenarioReader(others, lookup, runMetrics, jobMetrics, progress);
  }

  /** The same reader, which tells how far it has read a workload's trace, and can be stopped. */
  public ScenarioReader telling(ReadProgress listener) {
    return new ScenarioReader(files, lookup, runMetrics, jobMetrics, listener);
  }

  /** The eras that ship, in order. */
  public static List<Era> eras() {
    return Eras.shipped().list();
  }

  /**
   * The eras that ship, and behind them those of a file.
   *
   * @throws ScenarioException if anything is wrong with it
   */
  public static List<Era> eras(Path file) throws ScenarioException {
    Problems problems = new Problems();
    Eras eras = Eras.shipped();
    eras.add(ScenarioFiles.onDisk(), file.toString(), problems);
    problems.throwIfAny();
    return eras.list();
  }

  /** What each machine is that can be named, by name. */
  public static Map<String, String> machines() {
    return Defaults.machines().descriptions();
  }

  /** What each device model can do, by name. */
  public static Map<String, String> devices() {
    Map<String, String> devices = new LinkedHashMap<>();
    for (String name : DeviceProfile.names()) {
      devices.put(name, DeviceText.of(DeviceProfile.named(name)));
    }
    return devices;
  }

  /**
   * Reads a file: a scenario if its name ends in {@code .yaml} or {@code .yml}, a job file if it
   * ends in {@code .fio} or {@code .job}; otherwise by its first line that says anything, which in
   * a job file begins with a bracket.
   *
   * @param settings what replaces the file's values, in order
   * @throws ScenarioException if anything is wrong with it
   */
  public Scenario read(Path file, List<Setting> settings) throws ScenarioException {
    Problems problems = new Problems();
    String text = text(file, problems);
    problems.throwIfAny();
    return isJobFile(file.toString(), text)
        ? readTree(jobFileTree(file), file.toString(), "", settings, problems)
        : readText(file.toString(), text, settings);
  }

  /**
   * Reads the text of a scenario.
   *
   * @param file its name; relative names of job files begin in its folder
   */
  public Scenario readText(String file, String text, List<Setting> settings)
      throws ScenarioException {
    Problems problems = new Problems();
    Mapping root = YamlTree.read(file, text, problems);
    problems.throwIfAny();
    Path parent = Path.of(file).getParent();
    return readTree(root, file, parent == null ? "" : parent.toString(), settings, problems);
  }

  /**
   * Reads a scenario that stands inside something else.
   *
   * @param tree its keys; defaults are filled into it
   * @param file the name of what it stands in; relative names of job files begin in its folder
   */
  public Scenario readTree(Mapping tree, String file) throws ScenarioException {
    Path parent = Path.of(file).getParent();
    String folder = parent == null ? "" : parent.toString();
    return readTree(tree, file, folder, List.of(), new Problems());
  }

  private Scenario readTree(
      Mapping root, String file, String folder, List<Setting> settings, Problems problems)
      throws ScenarioException {
    for (Setting setting : settings) {
      apply(root, setting, problems);
    }
    ScenarioSections sections =
        new ScenarioSections(files, lookup, runMetrics, jobMetrics, progress, problems);
    Scenario scenario = sections.read(root, file, folder);
    problems.throwIfAny();
    return scenario;
  }

  /** Whether a file is a job file and no scenario, by its name or else by its text. */
  public static boolean isJobFile(String name, String text) {
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      return false;
    }
    if (name.endsWith(".fio") || name.endsWith(".job")) {
      return true;
    }
    for (String line : text.split("\n")) {
      String said = line.strip();
      if (!said.isEmpty() && !said.startsWith("#") && !said.startsWith(";")) {
        return said.startsWith("[");
      }
    }
    return false;
  }

  private String text(Path file, Problems problems) {
    Origin origin = new Origin(file.toString());
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(files.read(file.toString())))
          .toString();
    } catch (NoSuchFileException e) {
      problems.add(origin, "", "there is no such file");
    } catch (CharacterCodingException e) {
      problems.add(origin, "", "is no UTF-8 text");
    } catch (IOException e) {
      problems.add(origin, "", "can't be read: " + e.getMessage());
    }
    return "";
  }

  private static Mapping jobFileTree(Path file) {
    Origin origin = new Origin(file.toString());
    Mapping root = Mapping.empty(origin);
    String name = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    put(root, "scenario", new TreeNode.Scalar(origin, name));
    Mapping workload = Mapping.empty(origin);
    put(workload, "fio", new TreeNode.Scalar(origin, file.toString()));
    put(root, "workload", workload);
    return root;
  }

  private static void put(Mapping mapping, String key, TreeNode value) {
    mapping.members().put(key, new TreeNode.Member(value.origin(), value));
  }

  /** Puts a setting into the tree, where it replaces what the file says. */
  private static void apply(Mapping root, Setting setting, Problems problems) {
    Origin origin = new Origin(setting.origin());
    Problems inValue = new Problems();
    // A value may be a list or a mapping, as in a file: it is read as the value of a key.
    Mapping read = YamlTree.read(setting.origin(), "value: " + setting.value(), inValue);
    if (!inValue.isEmpty()) {
      problems.add(origin, setting.key(), "'" + setting.value() + "' is no value");
      return;
    }
    ScenarioSections.expandShortForms(root);
    String[] keys = setting.key().split("\\.");
    Mapping at = root;
    for (int i = 0; i < keys.length - 1; i++) {
      TreeNode.Member member = at.members().get(keys[i]);
      if (member == null || !(member.value() instanceof Mapping)) {
        put(at, keys[i], Mapping.empty(origin));
      }
      at = (Mapping) at.members().get(keys[i]).value();
    }
    TreeNode value = at(origin, read.members().get("value").value());
    put(at, keys[keys.length - 1], value);
  }

  /** The same value, standing where the option stands. */
  private static TreeNode at(Origin origin, TreeNode node) {
    if (node instanceof TreeNode.Scalar scalar) {
      return new TreeNode.Scalar(origin, scalar.text());
    }
    if (node instanceof TreeNode.Items items) {
      return new TreeNode.Items(
          origin, items.items().stream().map(item -> at(origin, item)).toList());
    }
    Mapping moved = Mapping.empty(origin);
    ((Mapping) node)
        .members()
        .forEach((key, member) -> put(moved, key, at(origin, member.value())));
    return moved;
  }
}
