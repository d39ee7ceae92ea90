package launcher.scenario.internal.read;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import launcher.scenario.ScenarioFiles;
import launcher.scenario.tree.Problems;
import launcher.scenario.tree.Section;
import launcher.scenario.tree.TreeNode;
import launcher.scenario.tree.TreeNode.Mapping;
import launcher.scenario.tree.YamlTree;

/**
 * Fills a scenario's {@code machine} and {@code device} from the file that its key {@code
 * calibration} names.
 */
final class CalibrationReader {
  private static final String KEY = "calibration";
  private static final String MACHINE = "machine";
  private static final String DEVICE = "device";
  private static final String BACKING = "backing";

  private final ScenarioFiles files;
  private final Problems problems;

  CalibrationReader(ScenarioFiles files, Problems problems) {
    this.files = files;
    this.problems = problems;
  }

  /**
   * Adds what the scenario and its era do not set.
   *
   * @param folder where a relative name begins
   */
  void fill(Mapping root, String folder) {
    Section top = new Section(root, "", problems);
    Optional<String> name = top.text(KEY);
    if (name.isEmpty()) {
      return;
    }
    String file = Path.of(folder).resolve(name.get()).toString();
    Optional<String> text = text(top, file);
    if (text.isEmpty()) {
      return;
    }
    Mapping measured = YamlTree.read(file, text.get(), problems);
    Section sections = new Section(measured, "", problems);
    sections
        .section(MACHINE)
        .ifPresent(found -> mapping(root, MACHINE).fillFrom(mapping(measured, MACHINE)));
    sections
        .section(DEVICE)
        .ifPresent(found -> innermost(mapping(root, DEVICE)).fillFrom(mapping(measured, DEVICE)));
    sections.refuseUnknown();
  }

  private Optional<String> text(Section top, String file) {
    try {
      return Optional.of(new String(files.read(file), StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      top.wrong(KEY, "there is no file '" + file + "'; 'deferlab calibrate' writes one");
    } catch (IOException e) {
      top.wrong(KEY, "'" + file + "' can't be read: " + e.getMessage());
    }
    return Optional.empty();
  }

  /** A section's keys; a section that is no mapping is told of elsewhere, and gets none. */
  private static Mapping mapping(Mapping of, String key) {
    TreeNode.Member member = of.members().get(key);
    return member != null && member.value() instanceof Mapping mapping
        ? mapping
        : Mapping.empty(of.origin());
  }

  /** What was measured is the device at the bottom. */
  private static Mapping innermost(Mapping device) {
    TreeNode.Member backing = device.members().get(BACKING);
    if (backing == null) {
      return device;
    }
    if (backing.value() instanceof Mapping mapping) {
      return innermost(mapping);
    }
    // The short form, backing: virtio-blk.
    Mapping mapping = Mapping.empty(backing.value().origin());
    mapping.members().put("model", new TreeNode.Member(backing.keyOrigin(), backing.value()));
    device.members().put(BACKING, new TreeNode.Member(backing.keyOrigin(), mapping));
    return mapping;
  }
}
