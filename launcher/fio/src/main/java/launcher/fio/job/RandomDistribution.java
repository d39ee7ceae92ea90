package launcher.fio.job;

import java.util.List;

/** {@code random_distribution=}. */
public sealed interface RandomDistribution {
  /** Every block alike. */
  record Uniform() implements RandomDistribution {}

  /**
   * Zipf's law.
   *
   * @param theta exponent; not 1
   * @param center where the favoured blocks lie, 0 to 1; negative if not given
   */
  record Zipf(double theta, double center) implements RandomDistribution {}

  /**
   * Pareto, as a power of a uniform draw.
   *
   * @param h between 0 and 1
   * @param center as for {@link Zipf}
   */
  record Pareto(double h, double center) implements RandomDistribution {}

  /**
   * Normal.
   *
   * @param deviationPercent of the number of blocks
   * @param center as for {@link Zipf}
   */
  record Normal(double deviationPercent, double center) implements RandomDistribution {}

  /**
   * Zones of unequal favour.
   *
   * @param read zones of reads, in order of place
   * @param write zones of writes
   * @param trim zones of trims
   * @param absolute whether zones are sized in bytes ({@code zoned_abs}) and not in percent
   */
  record Zoned(List<Zone> read, List<Zone> write, List<Zone> trim, boolean absolute)
      implements RandomDistribution {
    /** Copies the lists. */
    public Zoned {
      read = List.copyOf(read);
      write = List.copyOf(write);
      trim = List.copyOf(trim);
    }
  }

  /**
   * A fixed order of blocks, over and over.
   *
   * @param blocks block indices
   * @param stride whether each round begins where the last one's blocks end
   */
  record Sequence(List<Long> blocks, boolean stride) implements RandomDistribution {
    /** Copies the list. */
    public Sequence {
      blocks = List.copyOf(blocks);
    }
  }

  /**
   * One zone.
   *
   * @param accessPercent share of the I/Os
   * @param size percent of the file, or bytes if absolute
   */
  record Zone(int accessPercent, long size) {}
}
