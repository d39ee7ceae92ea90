package launcher.cli.check;

import java.util.ArrayList;
import java.util.List;
import launcher.scenario.Setting;

/**
 * What is done to a run from outside, as entries of a scenario's sections.
 *
 * @param items in any order; the reader of scenarios sorts them by time
 */
record Schedule(List<Item> items) {
  /** Nothing at all. */
  static final Schedule EMPTY = new Schedule(List.of());

  /** A section whose entries a schedule makes. */
  enum Section {
    /** Changes of policy. */
    SWAPS("swaps"),
    /** CPUs that go offline and come back. */
    HOTPLUG("hotplug");

    private final String key;

    Section(String key) {
      this.key = key;
    }
  }

  /**
   * Entries that make sense together only: a CPU that goes, and that comes back.
   *
   * @param section whose entries they are
   * @param entries each as it stands in a scenario
   */
  record Item(Section section, List<String> entries) {
    Item {
      entries = List.copyOf(entries);
    }
  }

  Schedule {
    items = List.copyOf(items);
  }

  /** How many items are of a section. */
  int count(Section section) {
    return (int) items.stream().filter(item -> item.section() == section).count();
  }

  /** The same without some neighbours. */
  Schedule without(int from, int to) {
    List<Item> rest = new ArrayList<>(items.subList(0, from));
    rest.addAll(items.subList(to, items.size()));
    return new Schedule(rest);
  }

  /** Both sections, which replace the scenario's own. */
  List<Setting> settings() {
    List<Setting> settings = new ArrayList<>();
    for (Section section : Section.values()) {
      List<String> entries =
          items.stream()
              .filter(item -> item.section() == section)
              .flatMap(item -> item.entries().stream())
              .toList();
      String value = "[" + String.join(", ", entries) + "]";
      settings.add(new Setting(section.key, value, "schedule"));
    }
    return settings;
  }
}
