package cnf.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rules that every source file of the house keeps, and proofs that a breach is found. */
class HouseRulesTest {
  @Test
  void everyJavaFileKeepsTheRules() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Path file : House.files(".java")) {
      texts.put(file.toString(), House.text(file));
    }
    List<String> faults = new SourceRules(exportedPackages()::contains).faults(texts);
    assertTrue(faults.isEmpty(), () -> String.join("\n", faults) + "\n");
  }

  @Test
  void noReminderIsWithoutAnIssueNumber() {
    List<String> faults = new ArrayList<>();
    for (Path file : House.files(".java", ".xml", ".bnd", ".bndrun", ".yaml", ".md", "deferlab")) {
      faults.addAll(SourceRules.reminders(file.toString(), House.text(file)));
    }
    assertTrue(faults.isEmpty(), () -> String.join("\n", faults) + "\n");
  }

  @Test
  void aWildcardImportIsFound() {
    assertFaults("import java.util.*;\nclass A {}", "a/A.java:2: wildcard import");
    assertFaults("import static java.lang.Math.*;\nclass A {}", "a/A.java:2: wildcard import");
  }

  @Test
  void aNameThatSaysNothingIsFound() {
    assertFaults("class FolioImpl {}", "a/A.java:2: FolioImpl: 'Impl' says nothing in a name");
    assertFaults(
        "enum A { ; record DataUnit() {} }", "a/A.java:2: DataUnit: 'Data' says nothing in a name");
    assertFaults("class Metadata {} class BasedOn {}");
  }

  @Test
  void aPackageThatSaysNothingIsFound() {
    assertEquals(
        List.of("a/A.java:1: package a.util: name it after what it holds"),
        faultsOf("none", "a/A.java", "package a.util;\nclass A {}"));
  }

  @Test
  void aSleepIsFoundInTestsOnly() {
    String text = "package a;\nclass A { void b() throws Exception { Thread.sleep(1); } }";
    assertEquals(
        List.of("a/src/test/java/a/A.java:2: a test waits for an event, it does not sleep"),
        faultsOf("a", "a/src/test/java/a/A.java", text));
    assertEquals(List.of(), faultsOf("a", "a/src/main/java/a/A.java", text));
  }

  @Test
  void aTestNamedAfterNothingIsFound() {
    assertEquals(
        List.of("a/src/test/java/a/A.java:2: testIt: a test's name is a fact in the present tense"),
        faultsOf(
            "a", "a/src/test/java/a/A.java", "package a;\nclass A { @Test void testIt() {} }"));
  }

  @Test
  void anExportedElementWithoutJavadocIsFound() {
    assertFaults("public class A {}", "a/A.java:2: A: is exported and has no Javadoc");
    assertFaults(
        "/** D. */ public class A { public void b() {} protected int c; public A() {} }",
        "a/A.java:2: b: is exported and has no Javadoc",
        "a/A.java:2: c: is exported and has no Javadoc",
        "a/A.java:2: a constructor: is exported and has no Javadoc");
    assertFaults(
        "/** D. */ @ConsumerType public interface A { void b(); int C = 1; }",
        "a/A.java:2: b: is exported and has no Javadoc",
        "a/A.java:2: C: is exported and has no Javadoc");
    assertFaults(
        "/** D. */ public @interface A { String value(); }",
        "a/A.java:2: value: is exported and has no Javadoc");
    assertFaults(
        "/**\n * D.\n * @param b D.\n */ public record A(int b, int c) {}",
        "a/A.java:5: A: has no @param c");
  }

  @Test
  void anExportedTypeThatCanBeImplementedSaysByWhom() {
    assertFaults(
        "/** D. */ public interface A {}",
        "a/A.java:2: A: is neither @ProviderType nor @ConsumerType");
    assertFaults(
        "/** D. */ public abstract class A {}",
        "a/A.java:2: A: is neither @ProviderType nor @ConsumerType");
    assertFaults("/** D. */ @ProviderType public interface A {}");
    assertFaults("/** D. */ public sealed interface A permits B {} final class B implements A {}");
    assertFaults("interface A {}");
  }

  @Test
  void whatNobodyOutsideSeesNeedsNoJavadoc() {
    assertFaults("class A { public void b() {} public static class C {} }");
    assertFaults("/** D. */ public class A { int a; private int b; void c() {} }");
    assertFaults(
        "/** D. */ public class A { @Override public String toString() { return null; } }");
    assertFaults(
        "/** D. @param b D. */ public record A(int b) { public A {} }".replace(" @", "\n* @"));
    assertFaults("/** D. */ public enum A { B, C }");
    assertFaults("/** D. */ public enum A { ; private int b; A() {} }");
    assertEquals(List.of(), faultsOf("other", "a/A.java", "package a;\npublic class A {}"));
  }

  @Test
  void anExportedPackageHasVersionAndJavadoc() {
    String path = "a/package-info.java";
    assertEquals(
        List.of(
            path + ":1: a: @Export and @Version go together",
            path + ":1: a: is exported and has no Javadoc"),
        faultsOf("a", path, "@Export\npackage a;"));
    assertEquals(
        List.of(path + ":1: a.internal: an internal package is not exported"),
        faultsOf("a", path, "/** D. */ @Export @Version(\"1\") package a.internal;"));
    assertEquals(
        List.of(), faultsOf("a", path, "/** D. */\n@Export\n@Version(\"1.0\")\npackage a;"));
  }

  @Test
  void aReminderNeedsAnIssueNumber() {
    String reminder = "TO" + "DO";
    assertEquals(
        List.of("a:2: " + reminder + " without an issue number"),
        SourceRules.reminders("a", "x\n// " + reminder + " later"));
    assertEquals(List.of(), SourceRules.reminders("a", "// " + reminder + " #12: later"));
  }

  private static void assertFaults(String body, String... faults) {
    assertEquals(List.of(faults), faultsOf("a", "a/A.java", "package a;\n" + body));
  }

  private static List<String> faultsOf(String exportedPackage, String path, String text) {
    return new SourceRules(exportedPackage::equals).faults(Map.of(path, text));
  }

  private static Set<String> exportedPackages() {
    Set<String> exported = new LinkedHashSet<>();
    for (Bundle bundle : House.bundles()) {
      bundle.header("Export-Package").names().forEach(exported::add);
    }
    return exported;
  }
}
