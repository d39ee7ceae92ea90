package launcher.trace.internal;

/**
 * A place in one line. What cannot be read makes {@link #ok} false, and it stays so: a parser reads
 * all it wants and asks once.
 */
final class Cursor {
  byte[] bytes;
  int at;
  int end;
  boolean ok;

  void set(byte[] line, int from, int to) {
    bytes = line;
    at = from;
    end = to;
    ok = true;
  }

  boolean atEnd() {
    return at >= end;
  }

  /** The next byte, or 0 at the end. */
  byte peek() {
    return at < end ? bytes[at] : 0;
  }

  void skipSpaces() {
    while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
      at++;
    }
  }

  /** To the next space, tab or the end. */
  void skipWord() {
    while (at < end && bytes[at] != ' ' && bytes[at] != '\t') {
      at++;
    }
  }

  boolean take(char wanted) {
    if (at < end && bytes[at] == wanted) {
      at++;
      return true;
    }
    return false;
  }

  void expect(char wanted) {
    if (!take(wanted)) {
      ok = false;
    }
  }

  boolean startsWith(byte[] word) {
    return startsWith(word, at);
  }

  boolean startsWith(byte[] word, int from) {
    if (end - from < word.length) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      if (bytes[from + i] != word[i]) {
        return false;
      }
    }
    return true;
  }

  /** Index of the word at or after the place, or -1. */
  int find(byte[] word) {
    for (int i = at; i <= end - word.length; i++) {
      if (bytes[i] == word[0] && startsWith(word, i)) {
        return i;
      }
    }
    return -1;
  }

  /** Digits; at least one, at most twenty, of which the last may wrap as in the kernel. */
  long decimal() {
    int start = at;
    long value = 0;
    while (at < end) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      value = value * 10 + digit;
      at++;
    }
    if (at == start || at - start > 20) {
      ok = false;
    }
    return value;
  }

  /** A decimal that is neither wrapped nor negative. */
  long count() {
    int start = at;
    long value = decimal();
    if (value < 0 || at - start > 18) {
      ok = false;
    }
    return value;
  }

  /** A decimal that fits an int. */
  int small() {
    int start = at;
    long value = decimal();
    if (at - start > 10 || value > Integer.MAX_VALUE) {
      ok = false;
    }
    return (int) value;
  }

  /** A decimal with or without a minus. */
  long signed() {
    boolean negative = take('-');
    long value = decimal();
    return negative ? -value : value;
  }

  /** Digits to the base of 16, with 0x before them or not; at most sixteen. */
  long hex() {
    if (at + 1 < end && bytes[at] == '0' && bytes[at + 1] == 'x') {
      at += 2;
    }
    int start = at;
    long value = 0;
    while (at < end) {
      int digit = Character.digit(bytes[at], 16);
      if (digit < 0) {
        break;
      }
      value = value << 4 | digit;
      at++;
    }
    if (at == start || at - start > 16) {
      ok = false;
    }
    return value;
  }

  /** A signed decimal, or with 0x before it a number to the base of 16. */
  long number() {
    boolean prefixed = at + 1 < end && bytes[at] == '0' && bytes[at + 1] == 'x';
    return prefixed ? hex() : signed();
  }
}
