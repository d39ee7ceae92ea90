package launcher.scenario.internal.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.scenario.HotplugOperation;
import launcher.scenario.HotplugOperation.Direction;
import launcher.scenario.Unit;
import launcher.scenario.tree.Section;
import launcher.scenario.tree.Suggestion;
import launcher.scenario.tree.TreeNode;
import sim.kernel.hotplug.CpuHotplugState;

/** Reads the {@code hotplug} section. */
final class HotplugReader {
  private static final String KEY = "hotplug";

  /** An operation and where it stands. */
  private record Entry(Section section, HotplugOperation operation) {}

  private final int cpus;
  private final List<Entry> entries = new ArrayList<>();

  HotplugReader(int cpus) {
    this.cpus = cpus;
  }

  /** By time; what is written first comes first. */
  List<HotplugOperation> read(Section top) {
    for (TreeNode item : top.items(KEY)) {
      top.inner(item, KEY).ifPresent(this::readOne);
    }
    entries.sort(Comparator.comparingLong(entry -> entry.operation().atNs()));
    refuseImpossible();
    return entries.stream().map(Entry::operation).toList();
  }

  private void readOne(Section section) {
    section.require("at", "say when a task asks for it");
    section.require("cpu", "say which CPU goes or comes");
    OptionalLong atNs = section.number("at", Unit.NANOSECONDS, 0, Long.MAX_VALUE);
    OptionalLong cpu = section.number("cpu", Unit.COUNT, 0, cpus - 1);
    Optional<Direction> to = direction(section);
    Optional<String> failAt = section.text("fail-at");
    Optional<CpuHotplugState> state =
        failAt.isEmpty() || to.isEmpty()
            ? Optional.empty()
            : state(section, failAt.get(), to.get());
    section.refuseUnknown();
    if (atNs.isPresent() && cpu.isPresent() && to.isPresent()) {
      int which = (int) cpu.getAsLong();
      HotplugOperation operation = new HotplugOperation(atNs.getAsLong(), which, to.get(), state);
      entries.add(new Entry(section, operation));
    }
  }

  /** The one of the two words that stands there, without a value. */
  private static Optional<Direction> direction(Section section) {
    List<Direction> found = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      String word = Section.wordOf(direction);
      Optional<String> value = section.text(word);
      if (value.isPresent()) {
        found.add(direction);
        if (!value.get().isEmpty()) {
          section.wrong(word, "'" + value.get() + "'; it is a word of its own and has no value");
        }
      }
    }
    if (found.size() != 1) {
      section.problems().add(section.origin(), KEY, "must have one word of 'online' and 'offline'");
      return Optional.empty();
    }
    return Optional.of(found.get(0));
  }

  private static Optional<CpuHotplugState> state(Section section, String word, Direction to) {
    List<String> able = HotplugOperation.statesThatCanFail(to);
    if (able.contains(word)) {
      return Arrays.stream(CpuHotplugState.values())
          .filter(state -> Section.wordOf(state).equals(word))
          .findFirst();
    }
    section.wrong(
        "fail-at",
        "'" + word + "' is no state that can fail on the way " + Section.wordOf(to),
        Suggestion.lines(word, able));
    return Optional.empty();
  }

  private void refuseImpossible() {
    BitSet online = new BitSet();
    online.set(0, cpus);
    for (Entry entry : entries) {
      HotplugOperation operation = entry.operation();
      boolean up = operation.direction() == Direction.ONLINE;
      String word = Section.wordOf(operation.direction());
      int cpu = operation.cpu();
      if (online.get(cpu) == up) {
        entry.section().wrong(word, "CPU " + cpu + " is " + word + " already then");
      } else if (!up && online.cardinality() == 1) {
        entry.section().wrong(word, "CPU " + cpu + " is the last one online then; it must stay");
      } else if (operation.failAt().isEmpty()) {
        online.set(cpu, up);
      }
    }
  }
}
