package launcher.fio.internal;

import java.util.List;
import launcher.fio.FioOption;
import launcher.fio.OptionTreatment;

/**
 * One line of the catalogue.
 *
 * @param name canonical
 * @param aliases other names
 * @param type how its text is read
 * @param defaultText empty if there is none
 * @param least smallest number, or null
 * @param most largest number, or null
 * @param slots values of its own, or length of a list
 * @param powerOfTwo whether its number must be one
 * @param priority 1: parsed before the others; -1: after them
 * @param unit what a bare number of a time counts
 * @param words it takes; empty for a grammar of its own
 * @param engines that have it; empty for all
 * @param treatment what a simulation makes of it
 * @param harmless values with which a refused option changes nothing
 * @param why reason of the treatment
 */
record OptionSpec(
    String name,
    List<String> aliases,
    OptionType type,
    String defaultText,
    Double least,
    Double most,
    int slots,
    boolean powerOfTwo,
    int priority,
    TimeUnit unit,
    List<String> words,
    List<String> engines,
    OptionTreatment treatment,
    List<String> harmless,
    String why) {

  /** What a bare number of a time option counts. */
  enum TimeUnit {
    NONE,
    MICROSECONDS,
    SECONDS
  }

  boolean isTime() {
    return unit != TimeUnit.NONE;
  }

  boolean isSigned() {
    return type == OptionType.BOOL || type == OptionType.FLAG || type == OptionType.INT;
  }

  FioOption describe() {
    return new FioOption(name, aliases, words, defaultText, engines, treatment, harmless, why);
  }
}
