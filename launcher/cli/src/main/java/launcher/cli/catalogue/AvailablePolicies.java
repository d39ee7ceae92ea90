package launcher.cli.catalogue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import launcher.cli.Console;
import launcher.cli.JarFiles;
import launcher.scenario.policy.OfferedPolicy;
import launcher.scenario.policy.PolicyJars;

/** The policies in jars that are not installed: one jar, or all of a folder. */
final class AvailablePolicies {
  private final Map<Path, List<OfferedPolicy>> offered = new TreeMap<>();

  /**
   * Reads the jars.
   *
   * @param from a jar, or a folder with jars in it
   * @throws IOException if there is no such thing, or one of the jars can't be read
   */
  AvailablePolicies(PolicyJars jars, Path from) throws IOException {
    for (Path jar : JarFiles.of(from)) {
      try {
        offered.put(jar, jars.offered(jar));
      } catch (IOException e) {
        throw new IOException(jar + ": can't be read as a jar: " + e.getMessage(), e);
      }
    }
  }

  String text(Console console) {
    StringBuilder text = new StringBuilder();
    offered.forEach(
        (jar, policies) -> {
          text.append(jar.getFileName()).append('\n');
          if (policies.isEmpty()) {
            text.append("  no policy: its manifest provides no capability deferlab.policy,")
                .append(" which bnd makes of @PolicyId\n");
          }
          policies.forEach(policy -> add(text, console, policy));
        });
    return text.toString();
  }

  private static void add(StringBuilder text, Console console, OfferedPolicy policy) {
    boolean usable = policy.refusal().isEmpty();
    text.append("  ")
        .append(usable ? console.good(policy.id()) : console.bad(policy.id() + ": refused"))
        .append('\n');
    line(text, console, policy.description());
    line(text, console, usable ? "" : policy.refusal());
    line(text, console, "built for: " + policy.family() + " API " + policy.apiVersion());
    line(text, console, "bundle: " + policy.bundle());
  }

  private static void line(StringBuilder text, Console console, String prose) {
    if (!prose.isEmpty()) {
      String indent = "    ";
      for (String line : Words.wrap(prose, console.columns() - 6)) {
        text.append(indent).append(line).append('\n');
        indent = "      ";
      }
    }
  }

  String json() {
    List<Object> nodes = new ArrayList<>();
    offered.forEach(
        (jar, policies) ->
            policies.forEach(
                policy -> {
                  Map<String, Object> node = new LinkedHashMap<>();
                  node.put("jar", jar.toString());
                  node.put("family", policy.family());
                  node.put("id", policy.id());
                  node.put("api_version", policy.apiVersion());
                  node.put("description", policy.description());
                  node.put("bundle", policy.bundle());
                  node.put("refused", policy.refusal().isEmpty() ? null : policy.refusal());
                  nodes.add(node);
                }));
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("format", 1);
    root.put("available", nodes);
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain maps could not be written", e);
    }
  }
}
