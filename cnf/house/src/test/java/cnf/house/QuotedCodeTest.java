package cnf.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Code that a document quotes is the code: a block whose first line names a file behind its
 * language, as in {@code java mm.core/src/main/java/mm/core/Errno.java}, stands in that file line
 * by line, indented as may be.
 */
class QuotedCodeTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\w+ (\\S+/\\S+)\\n(.*?)^```");

  @Test
  void quotedCodeStandsInItsFile() {
    List<String> faults = new ArrayList<>();
    int quotes = 0;
    for (Path document : House.files(".md")) {
      Matcher block = BLOCK.matcher(House.text(document));
      while (block.find()) {
        quotes++;
        Path file = Path.of(block.group(1));
        if (!Files.isRegularFile(House.root().resolve(file))) {
          faults.add(document + ": quotes " + file + ", which is not there");
        } else if (!stands(block.group(2), House.text(file))) {
          faults.add(document + ": what it quotes is not in " + file + ":\n" + block.group(2));
        }
      }
    }
    assertTrue(quotes > 0, "no document quotes a file");
    assertTrue(faults.isEmpty(), () -> String.join("\n", faults) + "\n");
  }

  @Test
  void aQuoteMayBeIndentedDifferentlyAsAWhole() {
    String text = "class A {\n  void b() {\n    c();\n\n    d();\n  }\n}\n";
    assertTrue(stands("void b() {\n  c();\n\n  d();\n}\n", text));
    assertEquals(List.of(false, false, false, false), misquotes(text));
  }

  private static List<Boolean> misquotes(String text) {
    return List.of(
        stands("void b() {\n  c();\n\n  e();\n}\n", text),
        stands("void b() {\nc();\n\n  d();\n}\n", text),
        stands("void b() {\n  d();\n}\n", text),
        stands("b() {\n", text));
  }

  /** Whether the lines of the quote follow each other in a text, behind one indentation. */
  private static boolean stands(String quote, String text) {
    List<String> wanted = quote.lines().toList();
    List<String> lines = text.lines().toList();
    for (int from = 0; from + wanted.size() <= lines.size(); from++) {
      String first = lines.get(from);
      if (first.endsWith(wanted.get(0))) {
        String indent = first.substring(0, first.length() - wanted.get(0).length());
        if (indent.isBlank() && follow(wanted, indent, lines.subList(from, lines.size()))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean follow(List<String> wanted, String indent, List<String> lines) {
    for (int i = 0; i < wanted.size(); i++) {
      String line = wanted.get(i).isEmpty() ? "" : indent + wanted.get(i);
      if (!line.equals(lines.get(i))) {
        return false;
      }
    }
    return true;
  }
}
