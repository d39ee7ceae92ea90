package fs.buffer;

/** What a file on buffer heads does about RWF_DONTCACHE, kernel by kernel. */
public enum BufferDontcache {
  /** Linux 7.2 and before: refused with EOPNOTSUPP. */
  NOT_SUPPORTED,
  /**
   * As in the first versions of the series (v2, v3): accepted, and the buffer layer does nothing
   * about completion, so that dropping is left to whoever defers folios.
   */
  AS_IT_COMES,
  /** 7.3: the write bio of a dropbehind folio's buffer asks to be completed in a task. */
  BIO_MARKED;

  /** {@code FOP_DONTCACHE}. */
  public boolean supported() {
    return this != NOT_SUPPORTED;
  }
}
