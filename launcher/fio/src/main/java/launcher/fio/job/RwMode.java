package launcher.fio.job;

import java.util.Locale;

/** The {@code rw=} words; {@code readwrite} is {@code rw}. */
public enum RwMode {
  READ(true, false, false, false),
  WRITE(false, true, false, false),
  TRIM(false, false, true, false),
  RANDREAD(true, false, false, true),
  RANDWRITE(false, true, false, true),
  RANDTRIM(false, false, true, true),
  /** Sequential reads and writes, each with a position of its own. */
  RW(true, true, false, false),
  RANDRW(true, true, false, true),
  /** A trim and then a write of the same block. */
  TRIMWRITE(false, true, true, false),
  RANDTRIMWRITE(false, true, true, true);

  private final boolean reads;
  private final boolean writes;
  private final boolean trims;
  private final boolean random;

  RwMode(boolean reads, boolean writes, boolean trims, boolean random) {
    this.reads = reads;
    this.writes = writes;
    this.trims = trims;
    this.random = random;
  }

  /** Whether reads occur. */
  public boolean reads() {
    return reads;
  }

  /** Whether writes occur. */
  public boolean writes() {
    return writes;
  }

  /** Whether trims occur. */
  public boolean trims() {
    return trims;
  }

  /** Whether offsets are drawn. */
  public boolean random() {
    return random;
  }

  /** Whether the direction of each I/O is drawn, by {@code rwmixread}. */
  public boolean mixed() {
    return reads && writes;
  }

  /** fio's own word, as in its output. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
