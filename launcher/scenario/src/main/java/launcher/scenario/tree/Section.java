package launcher.scenario.tree;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import launcher.scenario.Quantity;
import launcher.scenario.Unit;

/**
 * Reads the keys of one mapping. Each question names a key; what is wrong with its value is a
 * problem, and the answer is then empty, so that reading can go on to find the rest.
 */
public final class Section {
  private final TreeNode.Mapping mapping;
  private final String path;
  private final Problems problems;
  private final Set<String> asked = new LinkedHashSet<>();

  /**
   * A section.
   *
   * @param path keys above it, joined by dots; empty at the top
   */
  public Section(TreeNode.Mapping mapping, String path, Problems problems) {
    this.mapping = mapping;
    this.path = path;
    this.problems = problems;
  }

  /** Where the section begins. */
  public Origin origin() {
    return mapping.origin();
  }

  /** Where told problems go. */
  public Problems problems() {
    return problems;
  }

  /** Every key that is set, in order. */
  public Set<String> keys() {
    return mapping.members().keySet();
  }

  /** A key with those above it. */
  public String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** Where a key's value stands; the section if the key is not set. */
  public Origin originOf(String key) {
    TreeNode.Member member = mapping.members().get(key);
    return member == null ? mapping.origin() : member.value().origin();
  }

  /** A key's value, whatever it is. */
  public Optional<TreeNode> node(String key) {
    asked.add(key);
    return Optional.ofNullable(mapping.members().get(key)).map(TreeNode.Member::value);
  }

  /** Tells that a value is wrong. */
  public void wrong(String key, String what, String... details) {
    problems.add(originOf(key), pathOf(key), what, details);
  }

  /** A single value, unread. */
  public Optional<String> text(String key) {
    Optional<TreeNode> node = node(key);
    if (node.isPresent() && !(node.get() instanceof TreeNode.Scalar)) {
      wrong(key, "is " + node.get().kind() + "; it must be a single value");
      return Optional.empty();
    }
    return node.map(value -> ((TreeNode.Scalar) value).text());
  }

  /** A number with its unit, from {@code min} to {@code max} base units. */
  public OptionalLong number(String key, Unit unit, long min, long max) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    long value;
    try {
      value = Quantity.parse(text.get(), unit).toLong();
    } catch (IllegalArgumentException e) {
      wrong(key, e.getMessage());
      return OptionalLong.empty();
    }
    if (value < min || value > max) {
      String range =
          max == Long.MAX_VALUE
              ? "at least " + unit.format(min)
              : "from " + unit.format(min) + " to " + unit.format(max);
      wrong(key, "'" + text.get() + "'; it must be " + range);
      return OptionalLong.empty();
    }
    return OptionalLong.of(value);
  }

  /** {@code true} or {@code false}. */
  public Optional<Boolean> flag(String key) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    switch (text.get()) {
      case "true":
        return Optional.of(true);
      case "false":
        return Optional.of(false);
      default:
        wrong(key, "'" + text.get() + "'; it must be true or false");
        return Optional.empty();
    }
  }

  /** One of an enum's constants, written in lower case with hyphens. */
  public <E extends Enum<E>> Optional<E> word(String key, Class<E> type) {
    return text(key).flatMap(text -> oneOf(key, text, type));
  }

  private <E extends Enum<E>> Optional<E> oneOf(String key, String text, Class<E> type) {
    List<String> words = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String word = wordOf(constant);
      if (word.equals(text)) {
        return Optional.of(constant);
      }
      words.add(word);
    }
    wrong(key, "'" + text + "' is not known", Suggestion.lines(text, words));
    return Optional.empty();
  }

  /** An enum's constant as it is written. */
  public static String wordOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A list of an enum's constants. */
  public <E extends Enum<E>> List<E> words(String key, Class<E> type) {
    List<E> found = new ArrayList<>();
    for (String text : texts(key)) {
      oneOf(key, text, type).ifPresent(found::add);
    }
    return found;
  }

  /** A list of single values; empty if the key is not set. */
  public List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (TreeNode item : items(key)) {
      if (item instanceof TreeNode.Scalar scalar) {
        texts.add(scalar.text());
      } else {
        problems.add(
            item.origin(), pathOf(key), "holds " + item.kind() + "; it must hold single values");
      }
    }
    return texts;
  }

  /** A list; empty if the key is not set. */
  public List<TreeNode> items(String key) {
    Optional<TreeNode> node = node(key);
    if (node.isEmpty()) {
      return List.of();
    }
    if (node.get() instanceof TreeNode.Items items) {
      return items.items();
    }
    wrong(key, "is " + node.get().kind() + "; it must be a list: [a, b]");
    return List.of();
  }

  /** A mapping inside this one. */
  public Optional<Section> section(String key) {
    return node(key).flatMap(node -> inner(node, pathOf(key)));
  }

  /** A value that has to be a mapping, as a section. */
  public Optional<Section> inner(TreeNode node, String innerPath) {
    if (node instanceof TreeNode.Mapping inner) {
      return Optional.of(new Section(inner, innerPath, problems));
    }
    problems.add(
        node.origin(), innerPath, "is " + node.kind() + "; it must be keys with values: {a: b}");
    return Optional.empty();
  }

  /** Tells that a key has to be set. */
  public void require(String key, String what) {
    if (!mapping.members().containsKey(key)) {
      problems.add(mapping.origin(), pathOf(key), "is not set; " + what);
    }
  }

  /** Tells of every key that nobody asked for. Call it last. */
  public void refuseUnknown() {
    mapping
        .members()
        .forEach(
            (key, member) -> {
              if (!asked.contains(key)) {
                problems.add(
                    member.keyOrigin(),
                    pathOf(key),
                    "there is no such key",
                    Suggestion.lines(key, asked));
              }
            });
  }
}
