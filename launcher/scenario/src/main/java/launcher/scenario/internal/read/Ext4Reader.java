package launcher.scenario.internal.read;

import fs.buffer.BufferDontcache;
import fs.buffer.ext4.Dioread;
import fs.buffer.ext4.Ext4Settings;
import java.util.List;
import java.util.OptionalLong;
import launcher.scenario.FileSystemSpec.Type;
import launcher.scenario.Unit;
import launcher.scenario.tree.Section;

/** Reads what the {@code filesystem} section says of ext4. */
final class Ext4Reader {
  private static final String DONTCACHE = "ext4-dontcache";
  private static final String JOURNAL = "journal";
  private static final String JOURNAL_SIZE = "journal-size";
  private static final String DIOREAD = "dioread";

  /** Those that no era sets. */
  private static final List<String> KEYS = List.of(JOURNAL, JOURNAL_SIZE, DIOREAD);

  private Ext4Reader() {}

  static Ext4Settings read(Section section, Type type, int folioOrder) {
    Ext4Settings fallback = Ext4Settings.DEFAULT;
    BufferDontcache dontcache =
        section.word(DONTCACHE, BufferDontcache.class).orElse(fallback.dontcache());
    boolean journal = section.flag(JOURNAL).orElse(fallback.journal());
    OptionalLong journalBytes =
        section.number(
            JOURNAL_SIZE,
            Unit.BYTES,
            Ext4Settings.JOURNAL_BYTES_MIN,
            Ext4Settings.JOURNAL_BYTES_MAX);
    Dioread dioread = section.word(DIOREAD, Dioread.class).orElse(fallback.dioread());
    if (type != Type.EXT4) {
      for (String key : KEYS) {
        if (section.keys().contains(key)) {
          section.wrong(key, "is a key of type ext4; type is " + Section.wordOf(type));
        }
      }
      return fallback;
    }
    if (!journal && journalBytes.isPresent()) {
      section.wrong(JOURNAL_SIZE, "must not be set where journal is false");
    }
    Ext4Settings made = fallback.with(dontcache).with(dioread).withFolioOrderMax(folioOrder);
    return journal ? made.withJournal(journalBytes.orElse(0)) : made.withoutJournal();
  }
}
