package launcher.scenario.internal.read;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.scenario.Swap;
import launcher.scenario.Unit;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RefusedPolicy;
import launcher.scenario.policy.RegisteredPolicy;
import launcher.scenario.tree.Section;
import launcher.scenario.tree.Suggestion;
import launcher.scenario.tree.TreeNode;

/** Reads the {@code policies} and {@code swaps} sections. */
final class PolicyReader {
  private final PolicyLookup lookup;

  PolicyReader(PolicyLookup lookup) {
    this.lookup = lookup;
  }

  /** Ids by family. */
  Map<String, String> read(Section section) {
    Map<String, String> ids = new LinkedHashMap<>();
    for (PolicyFamily<?> family : PolicyFamily.all()) {
      section.require(family.key(), "name the policy that answers: " + family.question());
      id(section, family).ifPresent(id -> ids.put(family.key(), id));
    }
    section.refuseUnknown();
    return ids;
  }

  List<Swap> readSwaps(Section root) {
    List<Swap> swaps = new ArrayList<>();
    for (TreeNode item : root.items("swaps")) {
      root.inner(item, "swaps").ifPresent(section -> readSwap(section, swaps));
    }
    swaps.sort(Comparator.comparingLong(Swap::atNs));
    return swaps;
  }

  private void readSwap(Section section, List<Swap> swaps) {
    section.require("at", "say when the policy changes");
    long atNs = section.number("at", Unit.NANOSECONDS, 1, Long.MAX_VALUE).orElse(0);
    int families = 0;
    for (PolicyFamily<?> family : PolicyFamily.all()) {
      if (section.keys().contains(family.key())) {
        families++;
        id(section, family).ifPresent(id -> swaps.add(new Swap(atNs, family, id)));
      }
    }
    if (families == 0) {
      section
          .problems()
          .add(
              section.origin(),
              "swaps",
              "names no policy; it must have one of "
                  + String.join(", ", PolicyFamily.all().stream().map(f -> f.key()).toList()));
    }
    // Each key is asked for here so that the message about unknown ones lists them all.
    PolicyFamily.all().forEach(family -> section.node(family.key()));
    section.refuseUnknown();
  }

  private Optional<String> id(Section section, PolicyFamily<?> family) {
    Optional<String> text = section.text(family.key());
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String id = family.idOf(text.get());
    if (isRegistered(family, id)) {
      return Optional.of(id);
    }
    section.wrong(family.key(), "no policy '" + text.get() + "'", whatExists(family, id));
    return Optional.empty();
  }

  boolean isRegistered(PolicyFamily<?> family, String id) {
    return registered(family).contains(id);
  }

  private List<String> registered(PolicyFamily<?> family) {
    return lookup.registered().stream()
        .filter(policy -> policy.family().equals(family.key()))
        .map(RegisteredPolicy::id)
        .toList();
  }

  /** The lines that follow a message about a policy that is not there. */
  String[] whatExists(PolicyFamily<?> family, String id) {
    List<String> registered = registered(family);
    List<String> lines = new ArrayList<>();
    lines.add("registered: " + (registered.isEmpty() ? "none" : String.join(", ", registered)));
    List<String> names = new ArrayList<>(registered);
    for (RefusedPolicy refused : lookup.refused()) {
      lines.add("refused:    " + refused.id() + " (" + refused.reason() + ")");
      names.add(refused.id());
    }
    Suggestion.nearest(id, names).ifPresent(near -> lines.add("did you mean '" + near + "'?"));
    return lines.toArray(new String[0]);
  }
}
