package launcher.scenario.internal.read;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import launcher.scenario.MemoryGroup;
import launcher.scenario.ProgramCharge;
import launcher.scenario.Unit;
import launcher.scenario.tree.Section;

/** Reads the {@code groups} section. */
final class GroupReader {
  private static final String KEY = "groups";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

  private GroupReader() {}

  /** In the order in which they are written. */
  static List<MemoryGroup> read(Section top) {
    List<MemoryGroup> groups = new ArrayList<>();
    top.section(KEY)
        .ifPresent(
            section -> {
              for (String name : section.keys()) {
                section.section(name).ifPresent(group -> groups.add(readOne(section, group, name)));
              }
            });
    return groups;
  }

  private static MemoryGroup readOne(Section all, Section group, String name) {
    if (!NAME.matcher(name).matches()) {
      all.wrong(name, "is no name of a group; it must be letters, digits and any of '_.-'");
    }
    long limit =
        group.number("limit", Unit.BYTES, MemoryReader.LIMIT_MIN, MemoryReader.SIZE_MAX).orElse(0);
    ProgramCharge programs = MemoryReader.programs(group, limit);
    group.refuseUnknown();
    return new MemoryGroup(name, limit, programs);
  }
}
