package launcher.cli.catalogue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RefusedPolicy;
import launcher.scenario.policy.RegisteredPolicy;

/** Writes the policies as JSON. */
final class PoliciesJson {
  private PoliciesJson() {}

  static String of(PolicyLookup policies, PolicyAttributes attributes) {
    List<Object> families = new ArrayList<>();
    for (PolicyFamily<?> family : PolicyFamily.all()) {
      Map<String, Object> node = new LinkedHashMap<>();
      node.put("family", family.key());
      node.put("question", family.question());
      node.put(
          "policies",
          policies.registered().stream()
              .filter(policy -> policy.family().equals(family.key()))
              .map(policy -> policy(policy, attributes))
              .toList());
      families.add(node);
    }
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("format", 1);
    root.put("families", families);
    root.put("refused", policies.refused().stream().map(PoliciesJson::refused).toList());
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain maps could not be written", e);
    }
  }

  private static Map<String, Object> policy(RegisteredPolicy policy, PolicyAttributes attributes) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("id", policy.id());
    node.put("description", policy.description());
    node.put("kernel_source", policy.kernelSource());
    node.put("bundle", policy.bundle());
    Map<String, String> meanings = attributes.of(policy.id());
    List<Object> configuration = new ArrayList<>();
    policy
        .configuration()
        .forEach(
            (key, value) -> {
              Map<String, Object> of = new LinkedHashMap<>();
              of.put("key", key);
              of.put("value", value);
              of.put("meaning", meanings.getOrDefault(key, ""));
              configuration.add(of);
            });
    node.put("configuration", configuration);
    return node;
  }

  private static Map<String, Object> refused(RefusedPolicy policy) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("id", policy.id());
    node.put("reason", policy.reason());
    node.put("bundle", policy.bundle());
    return node;
  }
}
