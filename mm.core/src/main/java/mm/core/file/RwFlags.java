package mm.core.file;

/**
 * The flags of one read or write call. Make it once and use it for all calls of a job.
 *
 * @param mask the kernel's values, or-ed
 */
public record RwFlags(int mask) {
  /** No flag. */
  public static final RwFlags NONE = new RwFlags(0);

  /** RWF_DONTCACHE alone. */
  public static final RwFlags DONTCACHE = of(RwFlag.DONTCACHE);

  /** These flags. */
  public static RwFlags of(RwFlag... flags) {
    int mask = 0;
    for (RwFlag flag : flags) {
      mask |= flag.mask();
    }
    return new RwFlags(mask);
  }

  /** Whether {@code flag} is among them. */
  public boolean has(RwFlag flag) {
    return (mask & flag.mask()) != 0;
  }
}
