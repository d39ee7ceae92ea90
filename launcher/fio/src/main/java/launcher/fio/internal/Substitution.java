package launcher.fio.internal;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.Set;
import launcher.fio.FioHost;

/** Replaces {@code ${NAME}} and fio's keywords in an option line. */
final class Substitution {
  private final FioHost host;
  private final Set<String> names;

  /**
   * A substitution for one host.
   *
   * @param names receives the environment variables that were asked for
   */
  Substitution(FioHost host, Set<String> names) {
    this.host = host;
    this.names = names;
  }

  /** The line with everything replaced; empty if its arithmetic is wrong. */
  Optional<String> apply(String line) {
    return keywords(environment(line));
  }

  private String environment(String line) {
    StringBuilder result = new StringBuilder();
    int at = 0;
    while (true) {
      int start = line.indexOf("${", at);
      int end = start < 0 ? -1 : line.indexOf('}', start);
      if (end < 0) {
        return result.append(line, at, line.length()).toString();
      }
      String name = line.substring(start + 2, end);
      names.add(name);
      result.append(line, at, start).append(host.environment().apply(name).orElse(""));
      at = end + 1;
    }
  }

  private Optional<String> keywords(String line) {
    String replaced =
        line.replace("$pagesize", Integer.toString(host.pageSizeBytes()))
            .replace("$mb_memory", Long.toString(host.memoryMib()))
            .replace("$ncpus", Integer.toString(host.cpus()));
    int equals = replaced.indexOf('=');
    if (replaced.equals(line) || equals < 0 || !hasArithmetic(replaced)) {
      return Optional.of(replaced);
    }
    return new Calculator(replaced.substring(equals + 1))
        .value()
        .map(value -> replaced.substring(0, equals + 1) + value);
  }

  private static boolean hasArithmetic(String line) {
    return line.indexOf('\'') < 0 && line.chars().anyMatch(c -> "+-*/".indexOf(c) >= 0);
  }

  /** What {@code bc} makes of a line: decimal arithmetic, divisions cut to whole numbers. */
  private static final class Calculator {
    private final String text;
    private int at;

    Calculator(String text) {
      this.text = text.replace(" ", "");
    }

    Optional<String> value() {
      try {
        BigDecimal value = sum();
        return at < text.length() ? Optional.empty() : Optional.of(value.toPlainString());
      } catch (ArithmeticException | NumberFormatException e) {
        return Optional.empty();
      }
    }

    private BigDecimal sum() {
      BigDecimal value = product();
      while (at < text.length() && "+-".indexOf(text.charAt(at)) >= 0) {
        boolean plus = text.charAt(at++) == '+';
        BigDecimal right = product();
        value = plus ? value.add(right) : value.subtract(right);
      }
      return value;
    }

    private BigDecimal product() {
      BigDecimal value = operand();
      while (at < text.length() && "*/%".indexOf(text.charAt(at)) >= 0) {
        char operator = text.charAt(at++);
        BigDecimal right = operand();
        value =
            switch (operator) {
              case '*' -> value.multiply(right);
              case '/' -> value.divide(right, 0, RoundingMode.DOWN);
              default -> value.remainder(right);
            };
      }
      return value;
    }

    private BigDecimal operand() {
      if (at < text.length() && text.charAt(at) == '-') {
        at++;
        return operand().negate();
      }
      if (at < text.length() && text.charAt(at) == '(') {
        at++;
        BigDecimal value = sum();
        if (at >= text.length() || text.charAt(at++) != ')') {
          throw new NumberFormatException(text);
        }
        return value;
      }
      int start = at;
      while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
        at++;
      }
      return new BigDecimal(text.substring(start, at));
    }
  }
}
