package launcher.fio.job;

/** How a job uses the page cache. */
public enum CacheMode {
  /** Through the page cache. */
  BUFFERED,
  /** Through the page cache with {@code RWF_DONTCACHE}; fio's {@code uncached=1}. */
  DONTCACHE,
  /** {@code O_DIRECT}; {@code uncached} is ignored then, as by fio. */
  DIRECT
}
