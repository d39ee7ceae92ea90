package launcher.fio.internal;

import java.util.ArrayList;
import java.util.List;
import launcher.fio.FioPosition;
import launcher.fio.job.BlockSizeRange.Split;

/** A job section whose options are all read, before its clones are made. */
final class JobDraft {
  final String section;
  final FioPosition position;
  final JobSettings settings;
  final JobSettings engineSettings;

  /** Fix-ups. */
  final long[] minBytes = new long[ValueGrammars.DIRECTIONS];

  final long[] maxBytes = new long[ValueGrammars.DIRECTIONS];
  final long[] alignBytes = new long[ValueGrammars.DIRECTIONS];
  boolean randomMap;
  boolean timeBased;
  int group;
  int firstThread;

  JobDraft(String section, FioPosition position, JobSettings settings) {
    this.section = section;
    this.position = position;
    this.settings = settings;
    engineSettings = settings.forEngine(engine());
  }

  String name() {
    return settings.text("name").orElse(section);
  }

  String engine() {
    return settings.word("ioengine");
  }

  String mode() {
    String word = settings.word("rw");
    return word.equals("readwrite") ? "rw" : word;
  }

  boolean random() {
    return mode().startsWith("rand");
  }

  boolean writes() {
    return mode().endsWith("write") || mode().endsWith("rw");
  }

  /** fio's smallest block, over all directions. */
  long leastBlock() {
    long least = minBytes[0];
    for (long bytes : minBytes) {
      least = Long.compareUnsigned(bytes, least) < 0 ? bytes : least;
    }
    return least;
  }

  @SuppressWarnings("unchecked")
  List<Split> splits(int direction) {
    return settings
        .structure("bssplit." + direction, List.class)
        .map(list -> new ArrayList<Split>((List<Split>) list))
        .orElseGet(ArrayList::new);
  }
}
