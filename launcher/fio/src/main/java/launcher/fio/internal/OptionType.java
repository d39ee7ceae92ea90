package launcher.fio.internal;

/** How the text of an option is read. */
enum OptionType {
  /** 0 or 1, and a value is a must. */
  BOOL,
  /** Like a bool, but 1 if there is no value. */
  FLAG,
  /** A signed number. */
  INT,
  /** An unsigned number. */
  LONG,
  /** An unsigned number, with an upper end if there are two slots. */
  VAL,
  /** Like {@link #VAL}, and may be a share of a file or a count of zones. */
  ZONE,
  /** A time. */
  TIME,
  /** Two numbers per slot. */
  RANGE,
  /** A list of sizes and shares. */
  SPLIT,
  /** Fractions. */
  FLOATS,
  /** One of a few words, or a grammar of its own. */
  WORD,
  /** Words that are flags. */
  WORDS,
  /** Anything but nothing. */
  TEXT,
  /** Always an error. */
  DEAD,
  /** Accepted, without effect. */
  FADING;

  boolean isNumber() {
    return ordinal() >= INT.ordinal() && ordinal() <= TIME.ordinal();
  }

  boolean takesNoValue() {
    return this == FLAG || this == WORD;
  }
}
