package launcher.scenario.internal.directory;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.RefusedPolicy;
import launcher.scenario.policy.RegisteredPolicy;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * One service of a policy family.
 *
 * @param service not gone yet
 * @param policy the service; null if its component refused
 */
record PolicyEntry(PolicyFamily<?> family, ServiceReference<?> service, Object policy) {
  /** The last one is to be used: a reference's order is by ranking, then the oldest is greater. */
  static final Comparator<PolicyEntry> BY_RANK =
      Comparator.comparing(PolicyEntry::service, (a, b) -> a.compareTo(b));

  private static final String ID = "policy.id";
  private static final String COMPONENT = "component.name";
  private static final String SOURCE = "policy.source";
  private static final Pattern NO_CONFIGURATION =
      Pattern.compile("objectClass|(service|component|policy|osgi|felix)\\..*");

  /** The family of a service, by the interfaces that it is registered under. */
  static Optional<PolicyFamily<?>> familyOf(ServiceReference<?> service) {
    List<String> interfaces = List.of((String[]) service.getProperty(Constants.OBJECTCLASS));
    return PolicyFamily.all().stream()
        .filter(family -> interfaces.contains(family.type().getName()))
        .findFirst();
  }

  /** Whole id; empty if the service has none. */
  String id() {
    return text(ID);
  }

  private String text(String property) {
    return service.getProperty(property) instanceof String text ? text : "";
  }

  /** Name of the component that registered it; empty if none did. */
  String component() {
    return text(COMPONENT);
  }

  boolean isUsable() {
    return isOfType() && id().startsWith(family.key() + ".");
  }

  /** False of null, and of a class that has its own copy of the SPI. */
  private boolean isOfType() {
    return family.type().isInstance(policy);
  }

  /** Whether its service has these values. */
  boolean hasProperties(Map<String, ?> values) {
    return values.entrySet().stream()
        .allMatch(
            value ->
                ComponentSettings.isSame(value.getValue(), service.getProperty(value.getKey())));
  }

  /** Why it can't be used; empty if it can, or if its component tells why. */
  Optional<RefusedPolicy> refusal() {
    if (policy == null || isUsable()) {
      return Optional.empty();
    }
    String reason = "its id doesn't begin with the name of its family, '" + family.key() + ".'";
    if (!isOfType()) {
      reason = "it has its own copy of " + family.type().getPackageName() + "; import that";
    } else if (id().isEmpty()) {
      reason = "it has no property " + ID + "; a policy's component carries @PolicyId";
    }
    String name = id().isEmpty() ? policy.getClass().getName() : id();
    return Optional.of(new RefusedPolicy(name, bundleOf(service.getBundle()), reason));
  }

  /** Its configuration, by key in the order of the keys. */
  Map<String, String> configuration() {
    Map<String, String> configuration = new TreeMap<>();
    for (String key : service.getPropertyKeys()) {
      if (!NO_CONFIGURATION.matcher(key).matches()) {
        configuration.put(key, String.valueOf(service.getProperty(key)));
      }
    }
    return configuration;
  }

  RegisteredPolicy describe() {
    Bundle bundle = service.getBundle();
    return new RegisteredPolicy(
        family.key(), id(), description(bundle), bundleOf(bundle), text(SOURCE), configuration());
  }

  /** What its bundle says, without the family's name in front. */
  private String description(Bundle bundle) {
    // Null once the service has gone, which it may while it is described.
    String description =
        bundle == null ? null : bundle.getHeaders("").get(Constants.BUNDLE_DESCRIPTION);
    String family = family().key() + " policy: ";
    if (description == null) {
      return "";
    }
    return description.startsWith(family) ? description.substring(family.length()) : description;
  }

  private static String bundleOf(Bundle bundle) {
    return bundle == null ? "" : bundle.getSymbolicName() + " " + bundle.getVersion();
  }
}
