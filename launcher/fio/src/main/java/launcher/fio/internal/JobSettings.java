package launcher.fio.internal;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.fio.FioSetting;

/**
 * The values of a job's options while its sections are read. A job starts as a copy of the
 * defaults.
 */
final class JobSettings {
  private final Map<String, long[]> numbers = new HashMap<>();
  private final Map<String, String> words = new HashMap<>();
  private final Map<String, Object> structures = new HashMap<>();
  private final Map<String, Origin> origins = new LinkedHashMap<>();

  /** Options of the engine, and whose they are; null until one is set. */
  private JobSettings engineSettings;

  private String engine = "";

  /**
   * Where an option got its value.
   *
   * @param section the section it stands in
   * @param setting the line
   * @param spec of the option
   */
  record Origin(String section, FioSetting setting, OptionSpec spec) {}

  JobSettings copy() {
    JobSettings copy = new JobSettings();
    numbers.forEach((name, slots) -> copy.numbers.put(name, slots.clone()));
    copy.words.putAll(words);
    copy.structures.putAll(structures);
    copy.origins.putAll(origins);
    copy.engine = engine;
    copy.engineSettings = engineSettings == null ? null : engineSettings.copy();
    return copy;
  }

  void setOrigin(String section, FioSetting setting, OptionSpec spec) {
    origins.remove(spec.name());
    origins.put(spec.name(), new Origin(section, setting, spec));
  }

  Collection<Origin> origins() {
    return origins.values();
  }

  boolean isSet(String name) {
    return origins.containsKey(name);
  }

  void setNumber(String name, int slot, long value) {
    numbers.computeIfAbsent(name, JobSettings::defaults)[slot] = value;
  }

  void setNumber(String name, long value) {
    setNumber(name, 0, value);
  }

  long number(String name) {
    return number(name, 0);
  }

  long number(String name, int slot) {
    long[] slots = numbers.get(name);
    return (slots == null ? defaults(name) : slots)[slot];
  }

  boolean flag(String name) {
    return number(name) != 0;
  }

  private static long[] defaults(String name) {
    long[] slots = new long[ValueGrammars.SLOTS];
    String[] texts = OptionCatalogue.get().defaultText(name).split(",");
    for (int i = 0; i < slots.length; i++) {
      String text = texts[Math.min(i, texts.length - 1)];
      slots[i] = FioNumbers.whole(text).orElse(0);
    }
    return slots;
  }

  void setWord(String name, String word) {
    words.put(name, word);
  }

  void clearWord(String name) {
    words.remove(name);
  }

  /** The word or text, or the default. */
  String word(String name) {
    String word = words.get(name);
    return word != null ? word : OptionCatalogue.get().defaultText(name);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(words.get(name));
  }

  void setStructure(String name, Object value) {
    structures.put(name, value);
  }

  <T> Optional<T> structure(String name, Class<T> type) {
    return Optional.ofNullable(type.cast(structures.get(name)));
  }

  /** Whether {@link #forEngine} was called for this engine, and for no other since. */
  boolean hasOptionsOf(String name) {
    return engineSettings != null && engine.equals(name);
  }

  /** Settings of the engine's own options; those of another engine are forgotten. */
  JobSettings forEngine(String name) {
    if (!hasOptionsOf(name)) {
      engine = name;
      engineSettings = new JobSettings();
    }
    return engineSettings;
  }

  /** 1024 or 1000. */
  int kbBase() {
    return word("kb_base").equals("1000") ? 1000 : 1024;
  }

  /** Names of the files that {@code filename} options added. */
  @SuppressWarnings("unchecked")
  List<String> fileNames() {
    return (List<String>) structures.getOrDefault("filename", List.of());
  }
}
