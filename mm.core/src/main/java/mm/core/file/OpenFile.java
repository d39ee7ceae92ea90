package mm.core.file;

import java.util.Objects;
import mm.core.AddressSpace;

/**
 * An open file: its mapping, how it was opened, where its readahead stands and which writeback
 * errors it has seen. Models {@code struct file} as far as the page cache looks at it; O_DIRECT is
 * the business of whoever issues the I/O.
 */
public final class OpenFile {
  private final AddressSpace mapping;
  private final RwFlags openFlags;
  private boolean random;
  int errorSample;

  // file_ra_state: the window read last, in pages, and how much of it was left when it was asked.
  long raStart;
  long raSize;
  long raAsyncSize;
  long raPrevious = -1;

  /** Largest order that the window was filled with. */
  int raOrder;

  /**
   * Opens a file.
   *
   * @param openFlags DSYNC and SYNC stand for O_DSYNC and O_SYNC, APPEND for O_APPEND; they hold
   *     for every call
   */
  public OpenFile(AddressSpace mapping, RwFlags openFlags) {
    this.mapping = Objects.requireNonNull(mapping, "mapping");
    this.openFlags = Objects.requireNonNull(openFlags, "openFlags");
    errorSample = mapping.writebackErrors().sample();
  }

  /** Opens a file without flags. */
  public OpenFile(AddressSpace mapping) {
    this(mapping, RwFlags.NONE);
  }

  /** The file's content. */
  public AddressSpace mapping() {
    return mapping;
  }

  /** Whether readahead is off: {@code FMODE_RANDOM}. */
  public boolean isRandom() {
    return random;
  }

  /** {@code POSIX_FADV_RANDOM}, or back to {@code POSIX_FADV_NORMAL}. */
  public void setRandom(boolean set) {
    random = set;
  }

  /** Flags that hold for every call. */
  public RwFlags openFlags() {
    return openFlags;
  }
}
