package launcher.cli.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import launcher.cli.catalogue.Words;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RefusedPolicy;
import launcher.scenario.policy.RegisteredPolicy;
import launcher.scenario.run.PolicySeatSnapshot;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.metatype.AttributeDefinition;

/** Everything about one policy. */
final class PolicyDetails {
  private static final String CAPABILITY = "deferlab.policy";
  private static final int NAME_WIDTH = 12;

  private final PolicyLookup policies;
  private final ShellFramework framework;
  private final int columns;
  private final StringBuilder text = new StringBuilder();

  PolicyDetails(PolicyLookup policies, ShellFramework framework, int columns) {
    this.policies = policies;
    this.framework = framework;
    this.columns = columns;
  }

  String of(String id, List<LiveSimulation> runs) {
    Optional<RegisteredPolicy> registered =
        policies.registered().stream().filter(policy -> policy.id().equals(id)).findFirst();
    Optional<RefusedPolicy> refused =
        policies.refused().stream().filter(policy -> policy.id().equals(id)).findFirst();
    add("policy", id);
    registered.ifPresent(
        policy -> {
          add("does", policy.description());
          add("kernel", policy.kernelSource());
        });
    String bundle =
        registered
            .map(RegisteredPolicy::bundle)
            .or(() -> refused.map(RefusedPolicy::bundle))
            .orElse("");
    add("bundle", bundle + bundleState(bundle));
    bundle(bundle).ifPresent(this::addCapabilities);
    add("component", component(id));
    refused.ifPresent(policy -> add("refused", policy.reason()));
    add("in use", usedBy(id, runs));
    addConfiguration(id, registered.map(RegisteredPolicy::configuration).orElse(Map.of()));
    return text.toString().stripTrailing();
  }

  private Optional<Bundle> bundle(String nameAndVersion) {
    for (Bundle bundle : framework.context().getBundles()) {
      if (nameAndVersion.equals(bundle.getSymbolicName() + " " + bundle.getVersion())) {
        return Optional.of(bundle);
      }
    }
    return Optional.empty();
  }

  private String bundleState(String nameAndVersion) {
    return bundle(nameAndVersion)
        .map(bundle -> ", " + stateOf(bundle) + ", number " + bundle.getBundleId())
        .orElse("");
  }

  private static String stateOf(Bundle bundle) {
    return switch (bundle.getState()) {
      case Bundle.ACTIVE -> "active";
      case Bundle.STARTING -> "starting";
      case Bundle.STOPPING -> "stopping";
      case Bundle.RESOLVED -> "resolved";
      case Bundle.INSTALLED -> "installed";
      default -> "uninstalled";
    };
  }

  private void addCapabilities(Bundle bundle) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    if (revision == null) {
      return;
    }
    for (var capability : revision.getDeclaredCapabilities(CAPABILITY)) {
      add("capability", attributes(capability));
    }
  }

  private static String attributes(BundleCapability capability) {
    List<String> words = new ArrayList<>();
    new TreeMap<>(capability.getAttributes()).forEach((key, value) -> words.add(key + "=" + value));
    return CAPABILITY + ": " + String.join(", ", words);
  }

  private String component(String id) {
    for (ComponentDescriptionDTO description :
        framework.components().getComponentDescriptionDTOs()) {
      if (!description.name.equals(id)) {
        continue;
      }
      for (ComponentConfigurationDTO now :
          framework.components().getComponentConfigurationDTOs(description)) {
        return stateOf(now) + ", " + description.implementationClass;
      }
      return "without configuration or disabled, " + description.implementationClass;
    }
    return "";
  }

  private static String stateOf(ComponentConfigurationDTO component) {
    return switch (component.state) {
      case ComponentConfigurationDTO.ACTIVE -> "active";
      case ComponentConfigurationDTO.SATISFIED -> "satisfied";
      case ComponentConfigurationDTO.FAILED_ACTIVATION -> "failed";
      default -> "unsatisfied";
    };
  }

  private static String usedBy(String id, List<LiveSimulation> runs) {
    List<String> users = new ArrayList<>();
    for (LiveSimulation run : runs) {
      for (PolicySeatSnapshot seat : run.mailbox().snapshot().policies()) {
        if (seat.policyId().equals(id)) {
          users.add(
              run.name()
                  + (seat.missing() ? " waits for it" : "")
                  + (seat.pending() == 0 ? "" : ", " + seat.pending() + " pending"));
        }
      }
    }
    return users.isEmpty() ? "by no run" : "by " + String.join("; ", users);
  }

  private void addConfiguration(String id, Map<String, String> values) {
    List<AttributeDefinition> attributes = framework.attributes(id);
    if (attributes.isEmpty()) {
      add("configuration", "none");
      return;
    }
    Map<String, Object> explicit = framework.configurations().explicit(id);
    for (AttributeDefinition attribute : attributes) {
      String key = attribute.getID();
      String[] defaults = attribute.getDefaultValue();
      String byDefault = defaults == null ? "none" : String.join(",", defaults);
      String value =
          values.getOrDefault(key, String.valueOf(explicit.getOrDefault(key, byDefault)));
      add(
          "set",
          "%s = %s (default %s; %s): %s"
              .formatted(
                  key,
                  value,
                  byDefault,
                  ConfigValues.typeName(attribute.getType()),
                  attribute.getDescription()));
    }
  }

  private void add(String name, String value) {
    if (value.isEmpty()) {
      return;
    }
    String title = name;
    for (String line : Words.wrap(value, columns - NAME_WIDTH)) {
      text.append(String.format(Locale.ROOT, "%-" + NAME_WIDTH + "s%s%n", title, line));
      title = "";
    }
  }
}
