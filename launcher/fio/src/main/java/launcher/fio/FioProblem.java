package launcher.fio;

/**
 * What is wrong with a job file, for people.
 *
 * @param position where
 * @param message what: the value; what would be right; without the place
 */
public record FioProblem(FioPosition position, String message) {
  @Override
  public String toString() {
    return position + ": " + message;
  }
}
