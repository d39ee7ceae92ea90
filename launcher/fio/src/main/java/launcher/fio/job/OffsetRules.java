package launcher.fio.job;

import java.util.List;

/**
 * How the place of the next I/O is chosen.
 *
 * @param distribution of random offsets
 * @param generator of random numbers
 * @param seed {@code randseed}
 * @param repeatable {@code randrepeat}: the same numbers in every run and every loop. Without it
 *     and without a seed of its own fio draws other numbers each run
 * @param seedGiven whether {@code randseed} is set
 * @param randomMap whether each block is touched once before any is touched again
 * @param randomPercent {@code percentage_random} of read, write and trim; the rest is sequential
 * @param runLength {@code rw=rand…:N}: I/Os until a new random offset; at least 1
 * @param skipBytes {@code rw=…:N}: added to a sequential position after each I/O; may be negative
 * @param identicalRun {@code rw_sequencer=identical}: the I/Os of a run all have the same offset
 */
public record OffsetRules(
    RandomDistribution distribution,
    Generator generator,
    long seed,
    boolean repeatable,
    boolean seedGiven,
    boolean randomMap,
    List<Integer> randomPercent,
    long runLength,
    long skipBytes,
    boolean identicalRun) {
  /** Copies the list. */
  public OffsetRules {
    randomPercent = List.copyOf(randomPercent);
  }

  /** {@code random_generator=}. */
  public enum Generator {
    TAUSWORTHE,
    LFSR,
    TAUSWORTHE64
  }
}
