package launcher.cli.author;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A policy that is to be written, and all names that follow from its own.
 *
 * @param family a family, {@code completion}
 * @param name the policy's id behind its family: {@code my-policy}
 * @param packageName the package of its classes, which is its bundle's symbolic name too
 * @param group the Maven group id
 */
record PolicyProject(String family, String name, String packageName, String group) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  private static final Pattern PACKAGE = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*");
  private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

  /** The words that no part of a package may be. */
  private static final Set<String> KEYWORDS =
      Set.of(
          ("abstract assert boolean break byte case catch char class const continue default do"
                  + " double else enum extends final finally float for goto if implements import"
                  + " instanceof int interface long native new package private protected public"
                  + " return short static strictfp super switch synchronized this throw throws"
                  + " transient try void volatile while true false null")
              .split(" "));

  private static final List<String> FAMILIES =
      List.of("completion", "dropbehind", "eviction", "writeback");

  /** The version of what is written; its author goes on from there. */
  private static final String VERSION = "1.0.0";

  /** A name or package that can't be used, with what would be right. */
  static final class BadNameException extends Exception {
    private static final long serialVersionUID = 1L;

    BadNameException(String message) {
      super(message);
    }
  }

  /**
   * Derives what is not given.
   *
   * @param packageName null: {@code example.FAMILY.NAME} without hyphens
   * @param group null: the package without its last part
   * @throws BadNameException if one of them can't be used
   */
  static PolicyProject of(String family, String name, String packageName, String group)
      throws BadNameException {
    if (!FAMILIES.contains(family)) {
      throw new BadNameException(
          "family is '" + family + "'; it must be one of " + String.join(", ", FAMILIES));
    }
    if (!NAME.matcher(name).matches()) {
      throw new BadNameException(
          "name is '%s'; it must be lower case words with hyphens between them, without its family%s"
              .formatted(name, proposal(family, name)));
    }
    String wanted =
        packageName == null ? "example." + family + "." + name.replace("-", "") : packageName;
    if (!PACKAGE.matcher(wanted).matches()) {
      throw new BadNameException(
          "--package is '"
              + wanted
              + "'; it must be lower case words with dots between them: org.example.mypolicy");
    }
    for (String part : wanted.split("\\.")) {
      if (KEYWORDS.contains(part)) {
        throw new BadNameException(
            "package "
                + wanted
                + ": '"
                + part
                + "' is a word of Java's own; give another one with --package");
      }
    }
    String itsGroup = group == null ? parent(wanted) : group;
    if (!GROUP.matcher(itsGroup).matches()) {
      throw new BadNameException(
          "--group is '" + itsGroup + "'; it must be a Maven group id: org.example");
    }
    return new PolicyProject(family, name, wanted, itsGroup);
  }

  private static String proposal(String family, String name) {
    String words =
        name.replaceFirst("^" + family + "\\.", "")
            .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^[-0-9]+|-+$", "");
    return NAME.matcher(words).matches() ? ": " + words : ": my-policy";
  }

  private static String parent(String packageName) {
    int dot = packageName.lastIndexOf('.');
    return dot < 0 ? packageName : packageName.substring(0, dot);
  }

  /** The whole id. */
  String id() {
    return family + "." + name;
  }

  /** Where its sources lie below {@code src/main/java}. */
  String path() {
    return packageName.replace('.', '/');
  }

  /** What its classes begin with: {@code MyPolicyCompletion}. */
  String classPrefix() {
    return camel(name) + camel(family);
  }

  /**
   * What stands for each <code>${word}</code> of a template: the words that follow from the names.
   * The Maven archetype derives the same ones by {@code archetype-words.txt}.
   *
   * @param ofFamily the words of the family's templates
   * @param deferlabVersion Maven version of the deferlab that it is built against
   */
  Map<String, String> words(Map<String, String> ofFamily, String deferlabVersion) {
    Map<String, String> words = new LinkedHashMap<>(ofFamily);
    words.put("family", family);
    words.put("Family", camel(family));
    words.put("artifactId", name);
    words.put("version", VERSION);
    words.put("id", id());
    words.put("package", packageName);
    words.put("path", path());
    words.put("groupId", group);
    words.put("deferlabVersion", deferlabVersion);
    words.put("Class", classPrefix());
    words.put("State", classPrefix() + ofFamily.get("keeper"));
    return words;
  }

  private static String camel(String words) {
    StringBuilder camel = new StringBuilder();
    for (String word : words.split("-")) {
      camel.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return camel.toString();
  }
}
