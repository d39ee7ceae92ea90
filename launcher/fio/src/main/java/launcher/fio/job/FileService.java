package launcher.fio.job;

/**
 * How the file of the next I/O is chosen.
 *
 * @param type the rule
 * @param run I/Os to one file before the next is chosen; at least 1
 * @param parameter theta, h or deviation of a non-uniform rule; otherwise 0
 */
public record FileService(Type type, int run, double parameter) {
  /** {@code file_service_type=}; {@code gauss} is {@code normal}. */
  public enum Type {
    ROUNDROBIN,
    /** Each file to its end before the next. */
    SEQUENTIAL,
    RANDOM,
    ZIPF,
    PARETO,
    NORMAL
  }

  /** Whether a finished file may be chosen again, as fio does for the skewed rules. */
  public boolean nonUniform() {
    return type.ordinal() >= Type.ZIPF.ordinal();
  }
}
