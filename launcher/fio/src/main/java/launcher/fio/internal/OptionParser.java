package launcher.fio.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import launcher.fio.StoredValue;
import launcher.fio.StoredValue.Kind;

/** Reads the text of one option by its type, and stores what it says. */
final class OptionParser {
  private static final int PERCENT_MAX = 100;

  private final ValueGrammars grammars;
  private final List<String> messages;

  /**
   * A parser.
   *
   * @param grammars of the options that have one of their own
   * @param messages receives what fio would print
   */
  OptionParser(ValueGrammars grammars, List<String> messages) {
    this.grammars = grammars;
    this.messages = messages;
  }

  /**
   * Handles one option.
   *
   * @param value null if there is no {@code =}
   * @param settings of the job, or of the engine for its options
   * @param kbBase of the section
   * @param stored receives the numbers that fio reads
   * @return whether fio takes it
   */
  boolean parse(
      OptionSpec spec, String value, JobSettings settings, int kbBase, List<StoredValue> stored) {
    if (value == null && !spec.type().takesNoValue()) {
      if (spec.type() == OptionType.FADING || spec.type() == OptionType.DEAD) {
        messages.add("Option " + spec.name() + " is deprecated");
        return spec.type() == OptionType.FADING;
      }
      messages.add("Option " + spec.name() + " requires an argument");
      return false;
    }
    boolean accepted = false;
    List<String> parts = parts(spec, value);
    for (int i = 0; i < parts.size(); i++) {
      Part part = new Part(spec, parts.get(i), i, i + 1 < parts.size(), settings, kbBase, stored);
      accepted |= parsePart(part);
    }
    return accepted;
  }

  /** One of several values of an option; null text if the option has no value. */
  private record Part(
      OptionSpec spec,
      String text,
      int index,
      boolean more,
      JobSettings settings,
      int kbBase,
      List<StoredValue> stored) {
    boolean first() {
      return index == 0;
    }

    /** What stands before the comma that ends this part. */
    String alone() {
      int comma = text.indexOf(',');
      return comma < 0 ? text : text.substring(0, comma);
    }
  }

  /** Each part is the rest of the text from where it begins, as fio hands it on. */
  private static List<String> parts(OptionSpec spec, String value) {
    List<String> parts = new ArrayList<>();
    String rest = value;
    while (rest != null) {
      parts.add(rest);
      int cut = cut(spec.type(), rest);
      rest = cut < 0 ? null : rest.substring(cut + 1);
    }
    if (parts.isEmpty()) {
      parts.add(null);
    }
    return parts;
  }

  private static int cut(OptionType type, String text) {
    return switch (type) {
      case TEXT, WORD, SPLIT, DEAD, FADING -> -1;
      case FLOATS -> text.indexOf(':');
      case WORDS, RANGE -> text.indexOf(',');
      default -> {
        int comma = text.indexOf(',');
        int colon = comma < 0 ? text.indexOf(':') : comma;
        yield colon < 0 ? text.indexOf('-', 1) : colon;
      }
    };
  }

  private boolean parsePart(Part part) {
    return switch (part.spec().type()) {
      case BOOL, FLAG -> parseSwitch(part);
      case INT, LONG, VAL, ZONE, TIME -> parseNumber(part);
      case RANGE -> parseRange(part);
      case FLOATS -> parseFraction(part);
      case WORD, WORDS, SPLIT -> parseWord(part);
      case TEXT -> parseText(part);
      case DEAD -> {
        messages.add("Option " + part.spec().name() + " is deprecated");
        yield false;
      }
      case FADING -> {
        messages.add("Option " + part.spec().name() + " is deprecated");
        yield true;
      }
    };
  }

  private boolean parseSwitch(Part part) {
    OptionSpec spec = part.spec();
    OptionalLong number = part.text() == null ? OptionalLong.of(1) : FioNumbers.whole(part.text());
    if (number.isEmpty()) {
      part.stored().add(StoredValue.NONE);
      return false;
    }
    long value = (int) number.getAsLong();
    part.stored().add(new StoredValue(Kind.SIGNED, value, 0, ""));
    if (spec.most() != null && value > spec.most()) {
      messages.add("max value out of range: " + value + " (" + digits(spec.most()) + " max)");
      return false;
    }
    if (part.first()) {
      part.settings().setNumber(spec.name(), value);
      grammars.switched(spec.name(), value, part.settings());
    }
    return true;
  }

  private boolean parseNumber(Part part) {
    OptionSpec spec = part.spec();
    String text = part.alone();
    if (text.endsWith("z")) {
      return parseZones(part, text);
    }
    OptionalLong number =
        spec.isTime() ? FioNumbers.time(text, spec.unit()) : FioNumbers.bytes(text, part.kbBase());
    if (number.isEmpty()) {
      part.stored().add(StoredValue.NONE);
      return false;
    }
    long value = number.getAsLong();
    Kind kind = spec.isSigned() ? Kind.SIGNED : Kind.UNSIGNED;
    part.stored().add(new StoredValue(kind, value, 0, ""));
    if (!inRange(spec, value)) {
      return false;
    }
    if (spec.type() == OptionType.ZONE) {
      return storeShare(part, value);
    }
    store(part, value);
    grammars.numberStored(spec.name(), value, part.settings());
    return true;
  }

  private boolean inRange(OptionSpec spec, long value) {
    if (spec.powerOfTwo() && Long.bitCount(value) != 1) {
      messages.add(spec.name() + ": must be a power-of-2");
      return false;
    }
    double compared = spec.isSigned() || value >= 0 ? value : 0x1p64 + value;
    if (spec.most() != null && compared > spec.most()) {
      messages.add(outOfRange(spec, "max", value, spec.most()));
      return false;
    }
    if (spec.least() != null && compared < spec.least()) {
      messages.add(outOfRange(spec, "min", value, spec.least()));
      return false;
    }
    return true;
  }

  private static String outOfRange(OptionSpec spec, String which, long value, double bound) {
    String number = spec.isSigned() ? Long.toString(value) : Long.toUnsignedString(value);
    return spec.name()
        + ": "
        + which
        + " value out of range: "
        + number
        + " ("
        + digits(bound)
        + " "
        + which
        + ")";
  }

  private static String digits(double bound) {
    return Long.toString((long) bound);
  }

  /** A single value fills all slots; of several each fills its own, and the last those after it. */
  private static void store(Part part, long value) {
    OptionSpec spec = part.spec();
    int slots = Math.max(1, spec.slots());
    if (part.first()) {
      part.settings().setNumber(spec.name(), 0, value);
    }
    boolean pair = spec.type() == OptionType.VAL || spec.type() == OptionType.TIME;
    if (pair) {
      if (!part.more() && slots > 1) {
        part.settings().setNumber(spec.name(), 1, value);
      }
      return;
    }
    for (int slot = Math.max(1, part.index()); slot < slots; slot++) {
      if (slot == part.index() || !part.more()) {
        part.settings().setNumber(spec.name(), slot, value);
      }
    }
  }

  private boolean parseZones(Part part, String text) {
    if (part.spec().type() != OptionType.ZONE) {
      messages.add(part.spec().name() + ": 'z' suffix isn't applicable");
      return false;
    }
    String digits = text.substring(0, text.length() - 1);
    if (!digits.matches("[ \\t]*[+-]?\\d+")) {
      messages.add(part.spec().name() + ": unexpected zone value '" + text + "'");
      return false;
    }
    part.settings().setNumber(part.spec().name(), 0);
    part.settings().setNumber(part.spec().name(), ValueGrammars.ZONES, 1);
    return true;
  }

  private boolean storeShare(Part part, long value) {
    String name = part.spec().name();
    boolean capped = !name.equals("io_size");
    // -1 - n stands for n percent; io_size also takes what is out of bounds for one.
    long percent = value < 0 ? -1 - value : -1;
    boolean share = percent >= 0 && (!capped || percent <= PERCENT_MAX);
    part.settings().setNumber(name, share ? 0 : value);
    part.settings().setNumber(name, ValueGrammars.PERCENT, share ? percent : 0);
    part.settings().setNumber(name, ValueGrammars.ZONES, 0);
    if (!share) {
      return true;
    }
    if (percent > PERCENT_MAX) {
      messages.add("io_size values greater than 100% aren't supported");
      return false;
    }
    String stored = name.equals("offset") ? "start_offset_percent" : name + "_percent";
    part.stored().add(new StoredValue(Kind.PERCENT, percent, 0, stored));
    return true;
  }

  private boolean parseRange(Part part) {
    String text = part.alone();
    int cut = text.indexOf('-');
    cut = cut < 0 ? text.indexOf(':') : cut;
    if (cut < 0) {
      return false;
    }
    OptionalLong low = FioNumbers.bytes(text.substring(0, cut), part.kbBase());
    OptionalLong high = FioNumbers.bytes(text.substring(cut + 1), part.kbBase());
    if (low.isEmpty() || high.isEmpty()) {
      return false;
    }
    long least = low.getAsLong();
    long most = high.getAsLong();
    boolean swapped = Long.compareUnsigned(least, most) > 0;
    for (int slot = part.index(); slot < ValueGrammars.DIRECTIONS; slot++) {
      if (slot == part.index() || !part.more()) {
        part.settings().setNumber(ValueGrammars.MIN_BS, slot, swapped ? most : least);
        part.settings().setNumber(ValueGrammars.MAX_BS, slot, swapped ? least : most);
      }
    }
    return true;
  }

  private boolean parseFraction(Part part) {
    OptionSpec spec = part.spec();
    List<Double> list =
        new ArrayList<>(
            part.first() ? List.of() : grammars.fractions(spec.name(), part.settings()));
    if (part.index() >= spec.slots()) {
      messages.add("the list exceeding max length " + spec.slots());
      return false;
    }
    OptionalDouble value = FioNumbers.fraction(part.text());
    if (value.isEmpty()) {
      messages.add("not a floating point value: " + part.text());
      return false;
    }
    double number = value.getAsDouble();
    if (spec.most() != null && number > spec.most()
        || spec.least() != null && number < spec.least()) {
      boolean above = spec.most() != null && number > spec.most();
      messages.add(
          String.format(
              java.util.Locale.ROOT,
              "value out of range: %f (range %s: %f)",
              number,
              above ? "max" : "min",
              above ? spec.most() : spec.least()));
      return false;
    }
    // fio's list shows six decimals.
    double shown = Math.round(number * 1e6) / 1e6;
    part.stored().add(new StoredValue(Kind.FRACTION, 0, shown, ""));
    list.add(number);
    grammars.setFractions(spec.name(), list, part.settings());
    return true;
  }

  private boolean parseWord(Part part) {
    OptionSpec spec = part.spec();
    if (!spec.words().isEmpty()) {
      if (part.text() == null) {
        return false;
      }
      String word = part.text().split("[,:]", 2)[0];
      if (!spec.words().contains(word)) {
        return false;
      }
      boolean adds = spec.type() == OptionType.WORDS && !part.first();
      String before = adds ? part.settings().word(spec.name()) + "," : "";
      part.settings().setWord(spec.name(), before + word);
    } else {
      part.settings().setWord(spec.name(), part.text() == null ? "" : part.text());
    }
    return grammars.parse(spec.name(), part.text(), part.settings(), part.kbBase(), messages);
  }

  private boolean parseText(Part part) {
    if (part.text().isEmpty()) {
      return false;
    }
    part.settings().setWord(part.spec().name(), part.text());
    return grammars.parse(
        part.spec().name(), part.text(), part.settings(), part.kbBase(), messages);
  }
}
