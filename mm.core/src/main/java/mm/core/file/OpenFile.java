package mm.core.file;

import java.util.Objects;
import mm.core.AddressSpace;
import mm.core.ReadAdvice;

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

  private final ReadaheadState readahead;

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
    readahead = new ReadaheadState(mapping.device().readaheadPages());
  }

  /** Opens a file without flags. */
  public OpenFile(AddressSpace mapping) {
    this(mapping, RwFlags.NONE);
  }

  /** The file's content. */
  public AddressSpace mapping() {
    return mapping;
  }

  ReadaheadState readahead() {
    return readahead;
  }

  /** Whether reads bring what they ask for and no more: {@code FMODE_RANDOM}. */
  public boolean isRandom() {
    return random;
  }

  /**
   * Says how the file will be read; files that nobody has advised are {@link ReadAdvice#NORMAL}.
   * Models {@code generic_fadvise}.
   */
  public void advise(ReadAdvice advice) {
    long device = mapping.device().readaheadPages();
    switch (advice) {
      case NORMAL -> readahead.pagesMax = device;
      case SEQUENTIAL -> readahead.pagesMax = device * 2;
      case RANDOM -> {
        // The window stays as it is, for whoever maps the file.
      }
    }
    random = advice == ReadAdvice.RANDOM;
  }

  /** Flags that hold for every call. */
  public RwFlags openFlags() {
    return openFlags;
  }
}
