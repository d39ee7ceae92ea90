package launcher.trace.internal;

import java.nio.charset.StandardCharsets;
import launcher.trace.event.EventField;

/**
 * How a field of an event stands in its line: a key, then spaces, {@code =} or a colon, then the
 * value. A value without a key has the key "".
 *
 * @param field where the value goes
 * @param key the bytes before it
 * @param type how the value is spelled
 * @param optional whether a line without it is whole
 */
record FieldSpec(EventField field, byte[] key, Type type, boolean optional) {
  /** How a value is spelled. */
  enum Type {
    /** Decimal with or without a sign, or 0x and digits to the base of 16. */
    NUMBER,
    /** To the base of 16, with 0x or not. */
    HEX,
    /** A NUMBER, and if {@code -} follows, another one for OFFSET_END. */
    RANGE,
    /** Two numbers with a comma or colon between, in parentheses or not. */
    DEVICE,
    /** A device's name up to a space; fills DEVICE too if it is a pair of numbers. */
    BDI,
    /** Text up to a space, a comma or a bracket. */
    WORD,
    /** Text that may hold spaces, up to the next field's key. */
    TASK,
    /** Text up to the end of the line. */
    REST
  }

  static FieldSpec of(EventField field, String key, Type type) {
    return new FieldSpec(field, key.getBytes(StandardCharsets.US_ASCII), type, false);
  }

  FieldSpec orNone() {
    return new FieldSpec(field, key, type, true);
  }
}
