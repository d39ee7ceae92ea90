package launcher.cli.author;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a new policy: resources beside this class, in which <code>${word}</code> is
 * replaced. They are templates of Velocity's too, for the archetype of {@code policies/archetype},
 * which has the same files under the same names.
 */
final class ProjectTemplates {
  private static final Pattern WORD = Pattern.compile("\\$\\{([A-Za-z]+)}");

  /** A word of a family, as Velocity reads it. */
  private static final Pattern SET = Pattern.compile("#set\\(\\$(\\w+) = \"([^\"]*)\"\\)");

  private ProjectTemplates() {}

  /**
   * Fills all templates of the family.
   *
   * @param version Maven version of the deferlab that the policy is built against
   * @return the text of each file by its path in the project
   */
  static Map<String, String> fill(PolicyProject project, String version) {
    Map<String, String> words = project.words(wordsOf(project.family()), version);
    String main = "src/main/java/" + project.path() + "/";
    String test = "src/test/java/" + project.path() + "/";
    String family = project.family() + "/";
    String prefix = words.get("Class");
    Map<String, String> templates = new LinkedHashMap<>();
    templates.put("pom.xml", "project/pom.xml.txt");
    templates.put("bnd.bnd", "project/bnd.bnd.txt");
    templates.put("README.md", "project/README.md.txt");
    templates.put(".gitignore", "project/gitignore.txt");
    templates.put(main + "package-info.java", "project/package-info.java.txt");
    templates.put(main + prefix + "Policy.java", family + "Policy.java.txt");
    templates.put(main + words.get("State") + ".java", family + "State.java.txt");
    templates.put(test + "TestConfig.java", family + "TestConfig.java.txt");
    templates.put(test + prefix + "PolicyTest.java", family + "PolicyTest.java.txt");
    templates.put(test + prefix + "TckTest.java", "project/PolicyTckTest.java.txt");
    templates.put(test + prefix + "IT.java", "project/PolicyIT.java.txt");
    templates.put("src/test/resources/exam.properties", "project/exam.properties.txt");
    Map<String, String> files = new LinkedHashMap<>();
    templates.forEach((file, template) -> files.put(file, replaced(text(template), words)));
    return files;
  }

  private static Map<String, String> wordsOf(String family) {
    Map<String, String> words = new LinkedHashMap<>();
    Matcher set = SET.matcher(text(family + "/words.txt"));
    while (set.find()) {
      words.put(set.group(1), set.group(2));
    }
    return words;
  }

  private static String replaced(String text, Map<String, String> words) {
    return WORD.matcher(text)
        .replaceAll(
            found -> {
              String value = words.get(found.group(1));
              if (value == null) {
                throw new IllegalStateException("a template has " + found.group());
              }
              return Matcher.quoteReplacement(value);
            });
  }

  private static String text(String template) {
    try (InputStream in = ProjectTemplates.class.getResourceAsStream(template)) {
      if (in == null) {
        throw new IllegalStateException("there is no template " + template);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(template, e);
    }
  }
}
