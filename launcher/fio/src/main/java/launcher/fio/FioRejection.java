package launcher.fio;

import java.util.Locale;

/** Why fio refuses a job file, in the order in which one reason outweighs another. */
public enum FioRejection {
  OPTION_OUTSIDE_SECTION,
  /** The file, or one that it includes, cannot be read. */
  MISSING_FILE,
  ENGINE_NOT_IN_THIS_BUILD,
  MISSING_DIRECTORY,
  /** More CPUs named than there are. */
  HOST_DEPENDENT,
  UNKNOWN_OPTION,
  BAD_VALUE,
  /** Every option is right, but they do not go together. */
  REJECTED_BY_CHECKS;

  /** Lower case, with hyphens. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
