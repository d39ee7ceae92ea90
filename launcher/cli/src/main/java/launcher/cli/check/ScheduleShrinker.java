package launcher.cli.check;

/**
 * Makes a schedule that does harm shorter, as long as it still does: delta debugging, first by
 * halves, at last item by item.
 */
final class ScheduleShrinker {
  /** Whether a schedule does harm. */
  @FunctionalInterface
  interface Harm {
    /**
     * Tries it.
     *
     * @throws Exception if it can't be tried, which ends the shrinking
     */
    boolean isDoneBy(Schedule schedule) throws Exception;
  }

  private final Harm harm;
  private final int attemptsMax;
  private int attempts;

  /**
   * A shrinker.
   *
   * @param attemptsMax how many schedules are tried at most
   */
  ScheduleShrinker(Harm harm, int attemptsMax) {
    this.harm = harm;
    this.attemptsMax = attemptsMax;
  }

  /** How many schedules were tried. */
  int attempts() {
    return attempts;
  }

  /**
   * The shortest that was found.
   *
   * @param harmful is known to do harm
   */
  Schedule shrink(Schedule harmful) throws Exception {
    Schedule shortest = harmful;
    int piece = Math.max(1, shortest.items().size() / 2);
    // Ends: a round that takes nothing away halves the piece, one that does shortens the schedule.
    while (true) {
      int before = shortest.items().size();
      shortest = withoutPieces(shortest, piece);
      boolean isOver = shortest.items().isEmpty() || attempts >= attemptsMax;
      if (isOver || piece == 1 && shortest.items().size() == before) {
        return shortest;
      }
      if (shortest.items().size() == before || piece >= shortest.items().size()) {
        piece = Math.max(1, piece / 2);
      }
    }
  }

  /** One round: from the end on, since what comes after the harm is of no consequence. */
  private Schedule withoutPieces(Schedule harmful, int piece) throws Exception {
    Schedule shortest = harmful;
    for (int to = shortest.items().size(); to > 0 && attempts < attemptsMax; to -= piece) {
      int end = Math.min(to, shortest.items().size());
      Schedule shorter = shortest.without(Math.max(0, end - piece), end);
      attempts++;
      if (harm.isDoneBy(shorter)) {
        shortest = shorter;
      }
    }
    return shortest;
  }
}
