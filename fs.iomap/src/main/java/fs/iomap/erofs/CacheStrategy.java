package fs.iomap.erofs;

/** Which clusters stay in the cache of compressed pages ({@code cache_strategy=}). */
public enum CacheStrategy {
  /** None. */
  DISABLED,
  /** One that a request ends in. */
  READAHEAD,
  /** One that a request ends in, and one that it begins in. */
  READAROUND
}
