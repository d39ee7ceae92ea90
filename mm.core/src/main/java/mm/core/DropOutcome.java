package mm.core;

/**
 * What became of a folio that dropbehind was to remove. Models the ways out of {@code
 * folio_end_dropbehind} and {@code filemap_end_dropbehind}, in the order in which they are met.
 * Ordinals are the numbers in the trace.
 */
public enum DropOutcome {
  /** Removed from the page cache. */
  DROPPED,
  /** Writeback ended outside task context, and nobody took it over: kept, flag set. */
  NOT_TASK,
  /** Somebody held the folio lock: kept, flag set. */
  TRYLOCK_FAILED,
  /** Dirty again, or under writeback again: kept, flag set; that writeback's end tries again. */
  DIRTY_OR_WRITEBACK,
  /** A look-up without DONTCACHE had cleared the flag in between: kept. */
  FLAG_CLEARED,
  /** The folio had left its mapping already. */
  NO_MAPPING,
  /** The file system kept its private state, or the folio was busy: kept, flag gone. */
  BUSY,
  /** A dropbehind policy took it over; it ends with another outcome later. */
  DEFERRED
}
