package mm.core;

/** Where the next window of readahead has the size of its folios from. */
public enum ReadaheadOrder {
  /**
   * From 5.18 to 6.16: four times as large as the folio that had the marker, or as four pages if
   * there was none. A window ends where its size says.
   */
  OF_FOLIO,
  /**
   * From 6.17: four times as large as those of the window before, {@code file_ra_state.order},
   * beginning with pages. A window ends where one of its folios would.
   */
  OF_FILE
}
