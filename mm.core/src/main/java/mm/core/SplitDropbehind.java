package mm.core;

/** What becomes of {@link FolioFlag#DROPBEHIND} when a large folio is split. */
public enum SplitDropbehind {
  /** Up to Linux 7.1: the first part keeps the flag, the others stay cached. */
  LOST,
  /** From 7.2: each part has it. */
  KEPT
}
