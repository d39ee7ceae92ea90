package mm.core;

/** How a file, or a part of it that is mapped, will be read. Models {@code POSIX_FADV_*}. */
public enum ReadAdvice {
  /** Windows of the device's read-ahead. */
  NORMAL,
  /** Windows of twice that. */
  SEQUENTIAL,
  /** No readahead. */
  RANDOM
}
