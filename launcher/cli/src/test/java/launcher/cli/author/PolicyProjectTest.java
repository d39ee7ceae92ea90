package launcher.cli.author;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import launcher.cli.author.PolicyProject.BadNameException;
import launcher.scenario.policy.PolicyFamily;
import org.junit.jupiter.api.Test;

class PolicyProjectTest {
  @Test
  void allNamesFollowFromTheName() throws BadNameException {
    PolicyProject project = PolicyProject.of("completion", "my-policy", null, null);
    assertEquals("completion.my-policy", project.id());
    assertEquals("example.completion.mypolicy", project.packageName());
    assertEquals("example.completion", project.group());
    assertEquals("MyPolicyCompletion", project.classPrefix());
  }

  @Test
  void aNameThatCannotBeUsedIsToldWithOneThatCan() {
    assertRefused(
        "completion",
        "MyPolicy",
        null,
        "name is 'MyPolicy'; it must be lower case words with hyphens between them, without its"
            + " family: my-policy");
    assertRefused(
        "completion",
        "completion.my_policy",
        null,
        "name is 'completion.my_policy'; it must be lower case words with hyphens between them,"
            + " without its family: my-policy");
  }

  @Test
  void anUnknownFamilyIsToldWithTheKnownOnes() {
    assertRefused(
        "completions",
        "my-policy",
        null,
        "family is 'completions'; it must be one of completion, dropbehind, eviction, writeback");
  }

  @Test
  void aPackageThatJavaRefusesIsRefused() {
    assertRefused(
        "completion",
        "new",
        null,
        "package example.completion.new: 'new' is a word of Java's own; give another one with"
            + " --package");
    assertRefused(
        "completion",
        "my-policy",
        "org.Me",
        "--package is 'org.Me'; it must be lower case words with dots between them:"
            + " org.example.mypolicy");
  }

  @Test
  void everyFamilyHasAllTemplates() throws BadNameException {
    for (PolicyFamily<?> family : PolicyFamily.all()) {
      Map<String, String> files =
          ProjectTemplates.fill(
              PolicyProject.of(family.key(), "my-policy", "org.me.mine", "org.me"), "1.2.3");
      assertEquals(12, files.size(), family.key());
      List<String> poms = files.get("pom.xml").lines().map(String::strip).toList();
      assertTrue(poms.contains("<groupId>org.me</groupId>"), family.key());
      assertTrue(poms.contains("<deferlab.version>1.2.3</deferlab.version>"), family.key());
      files.forEach((file, text) -> assertFilled(file, text));
    }
  }

  /** A Java file is where its package and its type say; no word is left. */
  private static void assertFilled(String file, String text) {
    assertFalse(text.contains("${Class}") || text.contains("${id}"), file);
    if (file.endsWith(".java")) {
      assertTrue(text.contains("package org.me.mine;"), file);
      assertTrue(file.contains("/java/org/me/mine/"), file);
      String type = file.substring(file.lastIndexOf('/') + 1).replace(".java", "");
      assertTrue(
          type.equals("package-info")
              || text.contains("class " + type + " ")
              || text.contains("record " + type + "("),
          file);
    }
  }

  private static void assertRefused(
      String family, String name, String packageName, String message) {
    BadNameException refused =
        assertThrows(
            BadNameException.class, () -> PolicyProject.of(family, name, packageName, null));
    assertEquals(message, refused.getMessage());
  }
}
