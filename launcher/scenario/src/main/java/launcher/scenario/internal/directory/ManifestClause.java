package launcher.scenario.internal.directory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A clause of a manifest header in OSGi's form.
 *
 * @param name its path: a package, a namespace
 * @param parameters its attributes without their types, and its directives with a colon at their
 *     end
 */
record ManifestClause(String name, Map<String, String> parameters) {
  /** The clauses of a header, in order; one with several paths becomes several. */
  static List<ManifestClause> parse(String header) {
    List<ManifestClause> clauses = new ArrayList<>();
    for (String clause : split(header, ',')) {
      List<String> names = new ArrayList<>();
      Map<String, String> parameters = new LinkedHashMap<>();
      for (String part : split(clause, ';')) {
        int equals = unquotedEquals(part);
        if (equals < 0) {
          names.add(part.strip());
        } else {
          parameters.put(key(part.substring(0, equals)), value(part.substring(equals + 1)));
        }
      }
      names.forEach(name -> clauses.add(new ManifestClause(name, parameters)));
    }
    return clauses;
  }

  /** A parameter; empty if there is none. */
  String parameter(String key) {
    return parameters.getOrDefault(key, "");
  }

  private static int unquotedEquals(String part) {
    int equals = part.indexOf('=');
    int quote = part.indexOf('"');
    return quote >= 0 && quote < equals ? -1 : equals;
  }

  private static String key(String text) {
    String key = text.strip();
    int colon = key.indexOf(':');
    return colon < 0 || colon == key.length() - 1 ? key : key.substring(0, colon);
  }

  private static String value(String text) {
    return text.strip().replaceAll("^\"|\"$", "");
  }

  /** Splits outside of quotes, and drops what is blank. */
  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    boolean quoted = false;
    for (int i = 0; i <= text.length(); i++) {
      boolean end = i == text.length();
      if (end || text.charAt(i) == separator && !quoted) {
        String part = text.substring(from, i);
        if (!part.isBlank()) {
          parts.add(part);
        }
        from = i + 1;
      } else if (text.charAt(i) == '"') {
        quoted = !quoted;
      }
    }
    return parts;
  }
}
