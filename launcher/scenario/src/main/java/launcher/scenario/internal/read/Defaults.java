package launcher.scenario.internal.read;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import launcher.scenario.Scenario;
import launcher.scenario.tree.Problems;
import launcher.scenario.tree.TreeNode;
import launcher.scenario.tree.TreeNode.Mapping;
import launcher.scenario.tree.YamlTree;

/** Named sets of defaults that ship in a resource: machines. */
public final class Defaults {
  private static final String DESCRIPTION = "description";

  private final Map<String, Mapping> sets = new LinkedHashMap<>();
  private final Map<String, String> descriptions = new LinkedHashMap<>();

  private Defaults(String resource) {
    Problems problems = new Problems();
    Mapping root = YamlTree.read(resource, text(resource), problems);
    if (!problems.isEmpty()) {
      throw new IllegalStateException("resource is broken: " + problems.list());
    }
    root.members()
        .forEach(
            (name, member) -> {
              Mapping set = (Mapping) member.value();
              TreeNode.Member description = set.members().remove(DESCRIPTION);
              descriptions.put(name, ((TreeNode.Scalar) description.value()).text());
              sets.put(name, set);
            });
  }

  /** Machines. */
  public static Defaults machines() {
    return new Defaults("machines.yaml");
  }

  /** The text of a resource beside {@link Scenario}. */
  static String text(String resource) {
    try (InputStream in = Scenario.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("resource " + resource + " can't be read", e);
    }
  }

  /** What each set is, by name. */
  public Map<String, String> descriptions() {
    return descriptions;
  }

  Map<String, Mapping> sets() {
    return sets;
  }
}
