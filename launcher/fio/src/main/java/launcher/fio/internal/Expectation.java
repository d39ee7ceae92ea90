package launcher.fio.internal;

/** Says in words what an option takes. */
final class Expectation {
  private Expectation() {}

  static String of(OptionSpec spec) {
    if (!spec.words().isEmpty()) {
      return "it must be one of " + String.join(", ", spec.words());
    }
    String bounds = spec.most() == null ? "" : " up to " + Math.round(spec.most());
    if (spec.isTime()) {
      return "it must be a time, such as 10s, 5m or 100ms";
    }
    return switch (spec.type()) {
      case BOOL -> "it must be 0 or 1";
      case FLAG -> "it must be a number, or have no value at all";
      case INT -> "it must be a number" + bounds;
      case LONG, VAL -> "it must be a number, such as 4096 or 4k";
      case ZONE -> "it must be a size, such as 4k, 1g or 50%";
      case RANGE -> "it must be a range, such as 4k-64k";
      case SPLIT -> "it must be a list of sizes and percents, such as 4k/60:64k/40";
      case FLOATS -> "it must be a list of numbers, such as 50:99:99.9";
      case DEAD -> "fio no longer has it";
      default -> "the value is empty or not well-formed";
    };
  }
}
