package launcher.cli.catalogue;

import java.util.List;
import java.util.Map;
import launcher.cli.Console;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RefusedPolicy;
import launcher.scenario.policy.RegisteredPolicy;

/** Writes the policies for people: a paragraph each, by family. */
final class PoliciesText {
  private static final String INDENT = "    ";

  private final Console console;
  private final PolicyAttributes attributes;
  private final StringBuilder text = new StringBuilder();

  PoliciesText(Console console, PolicyAttributes attributes) {
    this.console = console;
    this.attributes = attributes;
  }

  String of(PolicyLookup policies) {
    for (PolicyFamily<?> family : PolicyFamily.all()) {
      line("", family.key() + ": " + family.question());
      for (RegisteredPolicy policy : policies.registered()) {
        if (policy.family().equals(family.key())) {
          add(policy);
        }
      }
      text.append('\n');
    }
    List<RefusedPolicy> refused = policies.refused();
    if (!refused.isEmpty()) {
      text.append("refused:\n");
      for (RefusedPolicy policy : refused) {
        text.append("  ").append(console.bad(policy.id())).append('\n');
        line(INDENT, policy.reason());
        line(INDENT, "bundle: " + policy.bundle());
      }
    }
    return text.toString().stripTrailing() + "\n";
  }

  private void add(RegisteredPolicy policy) {
    text.append("  ").append(console.good(policy.id())).append('\n');
    if (!policy.description().isEmpty()) {
      line(INDENT, policy.description());
    }
    if (!policy.kernelSource().isEmpty()) {
      line(INDENT, "kernel: " + policy.kernelSource());
    }
    Map<String, String> meanings = attributes.of(policy.id());
    policy
        .configuration()
        .forEach(
            (key, value) ->
                line(INDENT, key + ": " + value + meaning(meanings.getOrDefault(key, ""))));
    line(INDENT, "bundle: " + policy.bundle());
  }

  private static String meaning(String text) {
    return text.isEmpty() ? "" : " (" + text.replaceFirst("\\.$", "") + ")";
  }

  private void line(String indent, String prose) {
    String next = indent;
    for (String line : Words.wrap(prose, console.columns() - indent.length() - 2)) {
      text.append(next).append(line).append('\n');
      next = indent + "  ";
    }
  }
}
