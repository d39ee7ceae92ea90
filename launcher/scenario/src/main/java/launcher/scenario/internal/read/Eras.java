package launcher.scenario.internal.read;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.scenario.Era;
import launcher.scenario.ScenarioFiles;
import launcher.scenario.tree.Origin;
import launcher.scenario.tree.Problems;
import launcher.scenario.tree.Section;
import launcher.scenario.tree.Suggestion;
import launcher.scenario.tree.TreeNode;
import launcher.scenario.tree.TreeNode.Mapping;
import launcher.scenario.tree.YamlTree;

/** Kernels: those that ship, and those of a user's file, which may be made from any before them. */
public final class Eras {
  private static final List<String> SECTIONS =
      List.of("policies", "filesystem", "machine", "memory");

  /** What an era sets, and the era itself. */
  private record Entry(Mapping set, Era era) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private Eras() {}

  /** Those that ship. */
  public static Eras shipped() {
    Eras eras = new Eras();
    Problems problems = new Problems();
    eras.add("eras.yaml", Defaults.text("eras.yaml"), problems);
    if (!problems.isEmpty()) {
      throw new IllegalStateException("resource is broken: " + problems.list());
    }
    return eras;
  }

  /** Every era, in order. */
  public List<Era> list() {
    return entries.values().stream().map(Entry::era).toList();
  }

  /** What an era sets; empty if there is none of this name. */
  Optional<Mapping> set(String id) {
    return Optional.ofNullable(entries.get(id)).map(Entry::set);
  }

  /** The lines that follow a message about an era that is not there. */
  String[] whatExists(String id) {
    return Suggestion.lines(id, entries.keySet());
  }

  /** Adds the eras of a file. */
  public void add(ScenarioFiles files, String file, Problems problems) {
    try {
      add(file, new String(files.read(file), StandardCharsets.UTF_8), problems);
    } catch (IOException e) {
      String why = files.exists(file) ? "can't be read" : "there is no such file";
      problems.add(new Origin(file), "", why);
    }
  }

  private void add(String file, String text, Problems problems) {
    Mapping root = YamlTree.read(file, text, problems);
    Section top = new Section(root, "", problems);
    for (String id : List.copyOf(top.keys())) {
      top.section(id).ifPresent(section -> read(top, id, section));
    }
  }

  private void read(Section top, String id, Section section) {
    if (entries.containsKey(id)) {
      top.wrong(id, "there is an era of this name already; choose another");
      return;
    }
    section.require("description", "say what it is");
    String description = section.text("description").orElse("");
    String source = section.text("source").orElse("");
    String before = section.text("like").orElse("");
    if (!before.isEmpty() && !entries.containsKey(before)) {
      section.wrong("like", "there is no era '" + before + "' before it", whatExists(before));
      before = "";
    }
    Mapping set = Mapping.empty(section.origin());
    for (String key : SECTIONS) {
      section.section(key).ifPresent(inner -> set.members().put(key, values(inner)));
    }
    section.refuseUnknown();
    Map<String, String> inherited = Map.of();
    if (!before.isEmpty()) {
      set.fillFrom(entries.get(before).set());
      inherited = entries.get(before).era().settings();
    }
    Map<String, String> settings = flat(set);
    Map<String, String> changes = new LinkedHashMap<>(settings);
    changes.entrySet().removeAll(inherited.entrySet());
    entries.put(id, new Entry(set, new Era(id, description, source, before, settings, changes)));
  }

  private static TreeNode.Member values(Section section) {
    Mapping values = Mapping.empty(section.origin());
    for (String key : section.keys()) {
      Origin origin = section.originOf(key);
      section
          .text(key)
          .map(text -> new TreeNode.Member(origin, new TreeNode.Scalar(origin, text)))
          .ifPresent(member -> values.members().put(key, member));
    }
    return new TreeNode.Member(section.origin(), values);
  }

  /** By section in their order, and in each by key as it stands. */
  private static Map<String, String> flat(Mapping set) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String section : SECTIONS) {
      TreeNode.Member member = set.members().get(section);
      if (member != null) {
        ((Mapping) member.value())
            .members()
            .forEach(
                (key, value) ->
                    settings.put(section + "." + key, ((TreeNode.Scalar) value.value()).text()));
      }
    }
    return settings;
  }
}
