package launcher.fio;

/**
 * A place in a job file.
 *
 * @param file as named by the caller, or as included
 * @param line counted from 1
 */
public record FioPosition(String file, int line) {
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
