package launcher.scenario.internal.read;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.scenario.PolicyFaultResponse;
import launcher.scenario.PolicyFaultResponse.Otherwise;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.tree.Section;
import launcher.scenario.tree.Suggestion;
import launcher.scenario.tree.TreeNode;

/** Reads {@code on-policy-fault}: one word, or a list of fallbacks and at most one other word. */
final class FaultResponseReader {
  private static final String KEY = "on-policy-fault";
  private static final String FALLBACK = "fallback:";

  private final PolicyReader policies;
  private final Map<String, String> fallbacks = new LinkedHashMap<>();
  private Otherwise otherwise;

  FaultResponseReader(PolicyReader policies) {
    this.policies = policies;
  }

  PolicyFaultResponse read(Section top) {
    Optional<TreeNode> node = top.node(KEY);
    if (node.isEmpty()) {
      return PolicyFaultResponse.FAIL;
    }
    if (node.get() instanceof TreeNode.Items) {
      top.texts(KEY).forEach(word -> readWord(top, word));
    } else {
      top.text(KEY).ifPresent(word -> readWord(top, word));
    }
    return new PolicyFaultResponse(fallbacks, otherwise == null ? Otherwise.FAIL : otherwise);
  }

  private void readWord(Section top, String word) {
    if (word.startsWith(FALLBACK)) {
      readFallback(top, word.substring(FALLBACK.length()).strip());
      return;
    }
    List<String> known = new ArrayList<>();
    for (Otherwise constant : Otherwise.values()) {
      if (Section.wordOf(constant).equals(word)) {
        if (otherwise != null) {
          top.wrong(KEY, "'" + word + "' after '" + Section.wordOf(otherwise) + "'; remove one");
        }
        otherwise = constant;
        return;
      }
      known.add(Section.wordOf(constant));
    }
    known.add(FALLBACK + "ID");
    top.wrong(KEY, "'" + word + "' is not known", Suggestion.lines(word, known));
  }

  private void readFallback(Section top, String id) {
    String key = id.replaceFirst("\\..*", "");
    Optional<PolicyFamily<?>> family = PolicyFamily.of(key);
    if (family.isEmpty() || !id.contains(".")) {
      List<String> families = PolicyFamily.all().stream().map(PolicyFamily::key).toList();
      top.wrong(
          KEY,
          "'" + FALLBACK + id + "' names no family; write " + FALLBACK + "FAMILY.NAME",
          Suggestion.lines(key, families));
    } else if (!policies.isRegistered(family.get(), id)) {
      top.wrong(KEY, "no policy '" + id + "'", policies.whatExists(family.get(), id));
    } else if (fallbacks.putIfAbsent(key, id) != null) {
      top.wrong(KEY, "names two fallbacks of family " + key + "; remove one");
    }
  }
}
