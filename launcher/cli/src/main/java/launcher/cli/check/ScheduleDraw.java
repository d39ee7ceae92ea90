package launcher.cli.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import launcher.cli.check.Schedule.Item;
import launcher.cli.check.Schedule.Section;
import launcher.scenario.HotplugOperation;
import launcher.scenario.HotplugOperation.Direction;

/**
 * Draws schedules by chance. The same numbers give the same schedule on every machine: the
 * generator's algorithm is specified.
 */
final class ScheduleDraw {
  /** States that can refuse to let a CPU go, as a scenario names them. */
  private static final List<String> CAN_REFUSE =
      HotplugOperation.statesThatCanFail(Direction.OFFLINE);

  private final Map<String, List<String>> policies;
  private final List<String> families;
  private final int cpus;
  private final long lengthNs;

  /**
   * What was drawn.
   *
   * @param swaps by time
   * @param trips of CPUs
   */
  record Drawn(List<DrawnSwap> swaps, List<Item> trips) {
    /** The trips alone. */
    Schedule withoutSwaps() {
      return new Schedule(trips);
    }

    /** The same with the swaps at other times. */
    Drawn with(List<DrawnSwap> moved) {
      return new Drawn(moved, trips);
    }

    Schedule schedule() {
      List<Item> items = new ArrayList<>(swaps.stream().map(DrawnSwap::item).toList());
      items.addAll(trips);
      return new Schedule(items);
    }
  }

  /**
   * Draws for runs of one scenario.
   *
   * @param policies whole ids of the policies to choose from, by family; no list is empty
   * @param cpus CPUs of the machine; the first stays online
   * @param lengthNs virtual time in which everything happens
   */
  ScheduleDraw(Map<String, List<String>> policies, int cpus, long lengthNs) {
    this.policies = policies;
    this.families = List.copyOf(policies.keySet());
    this.cpus = cpus;
    this.lengthNs = lengthNs;
  }

  /**
   * A schedule.
   *
   * @param seed of this one
   * @param swaps how many; at independent times, of any family, to any policy of it: also to the
   *     one in use, as when a bundle is updated
   * @param trips how many times a CPU goes offline and comes back, or a state refuses to let it go
   */
  Drawn draw(long seed, int swaps, int trips) {
    SplittableRandom chance = new SplittableRandom(seed);
    // Each has a stream of its own: more swaps leave the trips where they were.
    List<DrawnSwap> drawn = swaps(chance.split(), swaps);
    return new Drawn(drawn, trips(chance.split(), trips));
  }

  private List<DrawnSwap> swaps(SplittableRandom chance, int count) {
    return LongStream.generate(() -> chance.nextLong(lengthNs))
        .limit(count)
        .sorted()
        .mapToObj(atNs -> swap(chance, atNs))
        .toList();
  }

  private DrawnSwap swap(SplittableRandom chance, long atNs) {
    String family = families.get(chance.nextInt(families.size()));
    List<String> ids = policies.get(family);
    return new DrawnSwap(atNs, family, ids.get(chance.nextInt(ids.size())));
  }

  /** One in each of as many equal pieces of time, so that each is over before the next begins. */
  private List<Item> trips(SplittableRandom chance, int count) {
    List<Item> items = new ArrayList<>();
    long pieceNs = lengthNs / Math.max(1, count);
    for (int i = 0; i < count; i++) {
      long goesNs = i * pieceNs + chance.nextLong(pieceNs / 2);
      long comesNs = goesNs + 1 + chance.nextLong(pieceNs / 2);
      int cpu = 1 + chance.nextInt(cpus - 1);
      items.add(new Item(Section.HOTPLUG, trip(chance, cpu, goesNs, comesNs)));
    }
    return items;
  }

  /** One trip in four is refused: the CPU is rolled back and need not come. */
  private static List<String> trip(SplittableRandom chance, int cpu, long goesNs, long comesNs) {
    if (chance.nextInt(4) == 0) {
      String state = CAN_REFUSE.get(chance.nextInt(CAN_REFUSE.size()));
      return List.of("{at: %d ns, cpu: %d, offline, fail-at: %s}".formatted(goesNs, cpu, state));
    }
    return List.of(
        "{at: %d ns, cpu: %d, offline}".formatted(goesNs, cpu),
        "{at: %d ns, cpu: %d, online}".formatted(comesNs, cpu));
  }
}
