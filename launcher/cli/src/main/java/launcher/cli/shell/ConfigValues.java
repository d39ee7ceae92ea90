package launcher.cli.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import launcher.scenario.DidYouMean;
import org.osgi.service.metatype.AttributeDefinition;

/** Turns {@code key=value} into what a metatype says a configuration holds. */
final class ConfigValues {
  private final String id;
  private final List<AttributeDefinition> attributes;

  /**
   * The values of one policy.
   *
   * @param id whole id, for messages
   */
  ConfigValues(String id, List<AttributeDefinition> attributes) {
    this.id = id;
    this.attributes = attributes;
  }

  /**
   * All that is set afterwards.
   *
   * @param before what is set now
   * @throws IllegalArgumentException that says which of the pairs is wrong, and what would be right
   */
  Map<String, Object> changed(Map<String, Object> before, List<String> pairs) {
    Map<String, Object> values = new TreeMap<>(before);
    List<String> given = new ArrayList<>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("'" + pair + "' is not KEY=VALUE");
      }
      String key = pair.substring(0, equals);
      if (given.contains(key)) {
        throw new IllegalArgumentException(id + ": " + key + " is given twice");
      }
      given.add(key);
      values.put(key, value(attribute(key), pair.substring(equals + 1)));
    }
    return values;
  }

  private AttributeDefinition attribute(String key) {
    List<String> keys = attributes.stream().map(AttributeDefinition::getID).toList();
    if (keys.isEmpty()) {
      throw new IllegalArgumentException(id + ": has no configuration");
    }
    if (!keys.contains(key)) {
      throw new IllegalArgumentException(
          id + ": no key '" + key + "'" + DidYouMean.lines(key, keys));
    }
    return attributes.get(keys.indexOf(key));
  }

  private Object value(AttributeDefinition attribute, String text) {
    String key = id + ": " + attribute.getID();
    if (attribute.getCardinality() != 0) {
      throw new IllegalArgumentException(key + ": is a list; set it by a .cfg file in the folder");
    }
    Object value;
    try {
      value = convert(attribute.getType(), text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          key + ": '" + text + "'; it must be " + typeName(attribute.getType()), e);
    }
    // Null: nobody checks it; empty: it is right.
    String wrong = attribute.validate(text);
    if (wrong != null && !wrong.isEmpty()) {
      throw new IllegalArgumentException(key + ": '" + text + "': " + wrong);
    }
    return value;
  }

  private static Object convert(int type, String text) {
    return switch (type) {
      case AttributeDefinition.LONG -> Long.valueOf(text);
      case AttributeDefinition.INTEGER -> Integer.valueOf(text);
      case AttributeDefinition.SHORT -> Short.valueOf(text);
      case AttributeDefinition.BYTE -> Byte.valueOf(text);
      case AttributeDefinition.DOUBLE -> Double.valueOf(text);
      case AttributeDefinition.FLOAT -> Float.valueOf(text);
      case AttributeDefinition.BOOLEAN -> bool(text);
      default -> text;
    };
  }

  private static Boolean bool(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException(text);
    }
    return Boolean.valueOf(text);
  }

  /** What a type is called. */
  static String typeName(int type) {
    return switch (type) {
      case AttributeDefinition.LONG -> "a whole number of 64 bits";
      case AttributeDefinition.INTEGER -> "a whole number of 32 bits";
      case AttributeDefinition.SHORT -> "a whole number of 16 bits";
      case AttributeDefinition.BYTE -> "a whole number of 8 bits";
      case AttributeDefinition.DOUBLE, AttributeDefinition.FLOAT -> "a number";
      case AttributeDefinition.BOOLEAN -> "true or false";
      default -> "text";
    };
  }
}
