package launcher.trace;

import org.osgi.annotation.versioning.ConsumerType;

/** Is told how far a file is read, about four times a megabyte. */
@ConsumerType
@FunctionalInterface
public interface ReadProgress {
  /** Says nothing and goes on. */
  ReadProgress NONE = (doneBytes, lines) -> true;

  /**
   * So much is done.
   *
   * @param doneBytes bytes of the file as it is stored, compressed or not
   * @param lines lines, or records of a binary format
   * @return false to stop here, as at Ctrl-C
   */
  boolean goOn(long doneBytes, long lines);
}
