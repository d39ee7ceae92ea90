package launcher.scenario.tree;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads YAML into a tree that keeps positions. */
public final class YamlTree {
  private final String file;
  private final Problems problems;

  private YamlTree(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /**
   * Reads a text whose top level is a mapping.
   *
   * @param file its name in messages
   * @param problems told of syntax errors and of keys given twice
   * @return an empty mapping if the text could not be read
   */
  public static TreeNode.Mapping read(String file, String text, Problems problems) {
    return new YamlTree(file, problems).read(text);
  }

  private TreeNode.Mapping read(String text) {
    TreeNode.Mapping nothing = TreeNode.Mapping.empty(Origin.of(file, 0, 0));
    LoadSettings settings = LoadSettings.builder().setLabel(file).setUseMarks(true).build();
    Optional<Node> root;
    try {
      root = new Compose(settings).composeString(text);
    } catch (MarkedYamlEngineException e) {
      Origin origin = e.getProblemMark().map(this::origin).orElse(nothing.origin());
      problems.add(origin, "", "is no YAML: " + e.getProblem());
      return nothing;
    } catch (YamlEngineException e) {
      problems.add(nothing.origin(), "", "is no YAML: " + e.getMessage());
      return nothing;
    }
    if (root.isEmpty()) {
      problems.add(nothing.origin(), "", "is empty; it must hold keys with values");
      return nothing;
    }
    if (convert(root.get(), "") instanceof TreeNode.Mapping mapping) {
      return mapping;
    }
    problems.add(nothing.origin(), "", "holds no keys; it must hold keys with values");
    return nothing;
  }

  private Origin origin(Mark mark) {
    return Origin.of(file, mark.getLine(), mark.getColumn());
  }

  private Origin origin(Node node) {
    return node.getStartMark().map(this::origin).orElseGet(() -> Origin.of(file, 0, 0));
  }

  private TreeNode convert(Node node, String path) {
    if (node instanceof ScalarNode scalar) {
      return new TreeNode.Scalar(origin(node), scalar.getValue());
    }
    if (node instanceof SequenceNode sequence) {
      List<TreeNode> items = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        items.add(convert(item, path));
      }
      return new TreeNode.Items(origin(node), items);
    }
    return convertMapping((MappingNode) node, path);
  }

  private TreeNode.Mapping convertMapping(MappingNode node, String path) {
    Map<String, TreeNode.Member> members = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      Origin keyOrigin = origin(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(keyOrigin, path, "a key is no word; it must be a single word");
        continue;
      }
      String name = key.getValue();
      String inner = path.isEmpty() ? name : path + "." + name;
      TreeNode value = convert(tuple.getValueNode(), inner);
      TreeNode.Member before = members.putIfAbsent(name, new TreeNode.Member(keyOrigin, value));
      if (before != null) {
        problems.add(
            keyOrigin, inner, "is given twice; remove one", "first at " + before.keyOrigin());
      }
    }
    return new TreeNode.Mapping(origin(node), members);
  }
}
