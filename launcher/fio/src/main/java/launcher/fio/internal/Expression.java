package launcher.fio.internal;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;

/**
 * Arithmetic in a value: anything that begins with a bracket. Operators are {@code + - * / % ^};
 * numbers may have suffixes. A bare time has its option's unit only if no other has one.
 */
final class Expression {
  private final String text;
  private final ToDoubleFunction<String> units;
  private int at;
  private boolean unitSeen;
  private boolean wrong;

  private Expression(String text, ToDoubleFunction<String> units) {
    this.text = text;
    this.units = units;
  }

  static boolean isOne(String text) {
    return text.startsWith("(");
  }

  static OptionalLong bytes(String text, int kbBase) {
    return whole(new Expression(text, suffix -> FioNumbers.sizeUnit(suffix, kbBase)), 1);
  }

  static OptionalLong time(String text, long bare) {
    return whole(new Expression(text, suffix -> FioNumbers.timeUnit(suffix, 1)), bare);
  }

  static OptionalDouble plain(String text) {
    Expression expression = new Expression(text, suffix -> 1);
    double value = expression.whole();
    return expression.wrong ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  private static OptionalLong whole(Expression expression, long bare) {
    double value = expression.whole();
    if (expression.wrong) {
      return OptionalLong.empty();
    }
    return OptionalLong.of((long) (expression.unitSeen ? value : value * bare));
  }

  private double whole() {
    double value = sum();
    skipBlanks();
    wrong |= at < text.length() || Double.isNaN(value) || Double.isInfinite(value);
    return value;
  }

  private double sum() {
    double value = product();
    while (!wrong) {
      if (takes('+')) {
        value += product();
      } else if (takes('-')) {
        value -= product();
      } else {
        break;
      }
    }
    return value;
  }

  private double product() {
    double value = power();
    while (!wrong) {
      if (takes('*')) {
        value *= power();
      } else if (takes('/')) {
        value /= power();
      } else if (takes('%')) {
        value %= power();
      } else {
        break;
      }
    }
    return value;
  }

  private double power() {
    double value = operand();
    return takes('^') ? Math.pow(value, power()) : value;
  }

  private double operand() {
    if (takes('-')) {
      return -operand();
    }
    if (takes('(')) {
      double value = sum();
      wrong |= !takes(')');
      return value * suffix();
    }
    return number() * suffix();
  }

  private double number() {
    skipBlanks();
    int start = at;
    while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    if (start == at) {
      wrong = true;
      return 0;
    }
    if (text.startsWith("x", at) && text.substring(start, at).equals("0")) {
      return hex();
    }
    try {
      return Double.parseDouble(text.substring(start, at));
    } catch (NumberFormatException e) {
      wrong = true;
      return 0;
    }
  }

  private double hex() {
    int start = ++at;
    while (at < text.length() && Character.digit(text.charAt(at), 16) >= 0) {
      at++;
    }
    wrong |= start == at || at - start > 15;
    return wrong ? 0 : Long.parseLong(text.substring(start, at), 16);
  }

  private double suffix() {
    int start = at;
    while (at < text.length() && Character.isLetter(text.charAt(at))) {
      at++;
    }
    if (start == at) {
      return 1;
    }
    unitSeen = true;
    return units.applyAsDouble(text.substring(start, at).toLowerCase(java.util.Locale.ROOT));
  }

  private boolean takes(char c) {
    skipBlanks();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void skipBlanks() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }
}
