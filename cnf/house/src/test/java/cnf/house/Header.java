package cnf.house;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A manifest header in OSGi's form: clauses at commas, parameters at semicolons.
 *
 * @param clauses each clause's name with its parameters, as written but without quotes
 */
record Header(Map<String, Map<String, String>> clauses) {
  static Header parse(String value) {
    Map<String, Map<String, String>> clauses = new LinkedHashMap<>();
    for (String clause : split(value, ',')) {
      List<String> parts = split(clause, ';');
      Map<String, String> parameters = new LinkedHashMap<>();
      for (String part : parts.subList(1, parts.size())) {
        int equals = part.indexOf('=');
        String key = part.substring(0, equals).replaceFirst(":.*", "").trim();
        parameters.put(key, part.substring(equals + 1).replace("\"", "").trim());
      }
      clauses.put(parts.get(0).trim(), parameters);
    }
    return new Header(clauses);
  }

  Iterable<String> names() {
    return clauses.keySet();
  }

  /** Splits outside of quotes. */
  private static List<String> split(String value, char separator) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    for (char c : value.toCharArray()) {
      quoted ^= c == '"';
      if (c == separator && !quoted) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    if (!part.isEmpty()) {
      parts.add(part.toString());
    }
    return parts;
  }
}
