package launcher.cli.check;

import java.util.List;
import launcher.cli.check.Schedule.Item;
import launcher.cli.check.Schedule.Section;

/**
 * A change of policy that was drawn.
 *
 * @param atNs virtual time
 * @param family its key
 * @param id of the policy that comes into use
 */
record DrawnSwap(long atNs, String family, String id) {
  /** The same at another time. */
  DrawnSwap at(long otherNs) {
    return new DrawnSwap(otherNs, family, id);
  }

  /** As it stands in a scenario. */
  Item item() {
    return new Item(Section.SWAPS, List.of("{at: %d ns, %s: %s}".formatted(atNs, family, id)));
  }
}
