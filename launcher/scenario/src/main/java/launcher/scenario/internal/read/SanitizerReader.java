package launcher.scenario.internal.read;

import java.util.Set;
import java.util.TreeSet;
import launcher.scenario.tree.Section;
import sim.kernel.check.Sanitizer;

/** Reads which sanitizers are off: {@code sanitizers: {lock-order: off}}. */
final class SanitizerReader {
  private SanitizerReader() {}

  /** How a sanitizer is set. */
  private enum Setting {
    ON,
    OFF
  }

  static Set<Sanitizer> readOff(Section section) {
    Set<Sanitizer> off = new TreeSet<>();
    for (Sanitizer sanitizer : Sanitizer.values()) {
      section
          .word(sanitizer.key(), Setting.class)
          .filter(setting -> setting == Setting.OFF)
          .ifPresent(setting -> off.add(sanitizer));
    }
    section.refuseUnknown();
    return off;
  }
}
