package launcher.scenario.internal.directory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.RefusedPolicy;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** Policies whose component threw or lacks something, as Declarative Services tells them. */
final class RefusedComponents {
  private static final String CAUSED_BY = "Caused by: ";

  private final ServiceComponentRuntime components;

  RefusedComponents(ServiceComponentRuntime components) {
    this.components = components;
  }

  List<RefusedPolicy> list() {
    List<RefusedPolicy> refused = new ArrayList<>();
    for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs()) {
      if (!isPolicy(description)) {
        continue;
      }
      String bundle = description.bundle.symbolicName + " " + description.bundle.version;
      var configurations = components.getComponentConfigurationDTOs(description);
      if (configurations.isEmpty()) {
        refused.add(new RefusedPolicy(description.name, bundle, withoutConfiguration(description)));
      }
      for (ComponentConfigurationDTO configuration : configurations) {
        String reason = reason(description.name, configuration);
        if (!reason.isEmpty()) {
          refused.add(new RefusedPolicy(description.name, bundle, reason));
        }
      }
    }
    return refused;
  }

  private static boolean isPolicy(ComponentDescriptionDTO description) {
    return PolicyFamily.all().stream()
        .anyMatch(
            family ->
                Arrays.asList(description.serviceInterfaces).contains(family.type().getName()));
  }

  private String withoutConfiguration(ComponentDescriptionDTO description) {
    return components.isComponentEnabled(description)
        ? "it has no configuration"
        : "it is disabled";
  }

  /** Empty if it works. */
  static String reason(String name, ComponentConfigurationDTO configuration) {
    return switch (configuration.state) {
      case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION ->
          "it needs a configuration, and there is none with PID " + name;
      case ComponentConfigurationDTO.UNSATISFIED_REFERENCE ->
          "it needs a service that is not there: "
              + String.join(
                  ", ",
                  Arrays.stream(configuration.unsatisfiedReferences).map(r -> r.name).toList());
      case ComponentConfigurationDTO.FAILED_ACTIVATION -> shortened(name, configuration.failure);
      default -> "";
    };
  }

  /**
   * The message of the first cause, without the names of its class and its component.
   *
   * @param failure a stack trace
   */
  static String shortened(String name, String failure) {
    String first = failure.lines().findFirst().orElse("");
    String cause =
        failure
            .lines()
            .filter(line -> line.startsWith(CAUSED_BY))
            .reduce((earlier, later) -> later)
            .map(line -> line.substring(CAUSED_BY.length()))
            .orElse(first);
    String message = cause.replaceFirst("^[\\w.$]+(Exception|Error): ", "");
    return message.startsWith(name + ": ") ? message.substring(name.length() + 2) : message;
  }
}
