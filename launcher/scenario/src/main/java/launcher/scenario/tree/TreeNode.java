package launcher.scenario.tree;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of a scenario file that still knows where it stood. */
public sealed interface TreeNode {
  /** Where it stands. */
  Origin origin();

  /** What kind of value it is, for messages. */
  String kind();

  /**
   * One word, number or text.
   *
   * @param origin where it stands
   * @param text without quotes
   */
  record Scalar(Origin origin, String text) implements TreeNode {
    @Override
    public String kind() {
      return "a single value";
    }
  }

  /**
   * A list.
   *
   * @param origin where it stands
   * @param items in order
   */
  record Items(Origin origin, List<TreeNode> items) implements TreeNode {
    /** Copies the list. */
    public Items {
      items = List.copyOf(items);
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  /**
   * Keys with values, in the order of the file. Mutable, so that options can add to it before it is
   * read.
   *
   * @param origin where it stands
   * @param members by key
   */
  record Mapping(Origin origin, Map<String, Member> members) implements TreeNode {
    /** One without keys. */
    public static Mapping empty(Origin origin) {
      return new Mapping(origin, new LinkedHashMap<>());
    }

    /** Adds every key of another that this does not have, in mappings inside it too. */
    public void fillFrom(Mapping defaults) {
      defaults
          .members()
          .forEach(
              (key, member) -> {
                Member own = members.get(key);
                if (own == null) {
                  members.put(key, member.copy());
                } else if (own.value() instanceof Mapping inner
                    && member.value() instanceof Mapping more) {
                  inner.fillFrom(more);
                }
              });
    }

    /** The same keys and values, changed independently of these. */
    public Mapping copy() {
      Mapping copy = empty(origin);
      copy.fillFrom(this);
      return copy;
    }

    @Override
    public String kind() {
      return "keys with values";
    }
  }

  /**
   * A key's place and value.
   *
   * @param keyOrigin where the key stands
   * @param value what it is set to
   */
  record Member(Origin keyOrigin, TreeNode value) {
    private Member copy() {
      return value instanceof Mapping mapping ? new Member(keyOrigin, mapping.copy()) : this;
    }
  }
}
