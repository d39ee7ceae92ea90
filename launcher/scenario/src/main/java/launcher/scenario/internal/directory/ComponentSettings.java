package launcher.scenario.internal.directory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * The configurations of policies' components in ConfigAdmin, whose changes Declarative Services
 * follows in its own time.
 */
final class ComponentSettings {
  private static final long EFFECT_WALL_NS = TimeUnit.SECONDS.toNanos(30);
  private static final long LATE_WALL_NS = EFFECT_WALL_NS / 2;
  private static final long LOOK_WALL_NS = TimeUnit.MILLISECONDS.toNanos(2);

  /** What ConfigAdmin and FileInstall write into a configuration themselves. */
  private static final Pattern NOT_SET = Pattern.compile("(service|felix|component)\\..*");

  private final ConfigurationAdmin admin;
  private final ServiceComponentRuntime components;

  ComponentSettings(ConfigurationAdmin admin, ServiceComponentRuntime components) {
    this.admin = admin;
    this.components = components;
  }

  /** Whether two values of a configuration say the same, whatever their types. */
  static boolean isSame(Object one, Object other) {
    return String.valueOf(one).equals(String.valueOf(other));
  }

  /** What is set of a component, and not by default. */
  Map<String, Object> explicit(String component) {
    Map<String, Object> values = new TreeMap<>();
    Dictionary<String, Object> properties = configuration(component).getProperties();
    if (properties != null) {
      for (String key : Collections.list(properties.keys())) {
        if (!NOT_SET.matcher(key).matches()) {
          values.put(key, properties.get(key));
        }
      }
    }
    return values;
  }

  private void put(String component, Map<String, ?> values) {
    try {
      Configuration configuration = configuration(component);
      if (values.isEmpty()) {
        configuration.delete();
      } else {
        configuration.update(new Hashtable<>(values));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Configuration configuration(String component) {
    try {
      return admin.getConfiguration(component, "?");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sets this and nothing else, and waits until the component is there with it, and its defaults
   * for the rest, or refuses.
   *
   * @param values none for the defaults
   * @param isThere whether it is there, by its name and values
   * @return why it refused; empty if it did not
   * @throws IllegalStateException if neither comes in {@value #EFFECT_WALL_NS} ns of wall time
   */
  String change(
      String component, Map<String, ?> values, BiPredicate<String, Map<String, ?>> isThere) {
    Map<Long, String> before = new HashMap<>();
    configurations(component)
        .filter(ComponentSettings::hasFailed)
        .forEach(failed -> before.put(failed.id, failed.failure));
    put(component, values);
    Map<String, Object> wanted = withDefaults(component, values);
    long endWallNs = System.nanoTime() + EFFECT_WALL_NS;
    while (System.nanoTime() < endWallNs) {
      if (isThere.test(component, wanted)) {
        return "";
      }
      List<ComponentConfigurationDTO> now = configurations(component).toList();
      now.stream().filter(one -> !hasFailed(one)).forEach(one -> before.remove(one.id));
      boolean isLate = endWallNs - System.nanoTime() < LATE_WALL_NS;
      String refusal = refusal(component, now, wanted, before, isLate);
      if (!refusal.isEmpty()) {
        return refusal;
      }
      // The Log Service apart, nothing tells of a component that failed.
      LockSupport.parkNanos(LOOK_WALL_NS);
      if (Thread.interrupted()) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(component + ": interrupted while it was configured");
      }
    }
    throw new IllegalStateException(
        component
            + ": its new configuration had no effect in "
            + TimeUnit.NANOSECONDS.toSeconds(EFFECT_WALL_NS)
            + " s; no component of that name is up");
  }

  private Map<String, Object> withDefaults(String component, Map<String, ?> values) {
    Map<String, Object> wanted = new TreeMap<>();
    for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs()) {
      if (description.name.equals(component)) {
        wanted.putAll(description.properties);
      }
    }
    wanted.putAll(values);
    return wanted;
  }

  private Stream<ComponentConfigurationDTO> configurations(String component) {
    return components.getComponentDescriptionDTOs().stream()
        .filter(description -> description.name.equals(component))
        .flatMap(description -> components.getComponentConfigurationDTOs(description).stream());
  }

  private static boolean hasFailed(ComponentConfigurationDTO configuration) {
    return configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION;
  }

  /**
   * Why the component does not work with these values; empty if it does, or has others still. On
   * the way to its new configuration it is unsatisfied for a moment, and if it had failed before,
   * that failure is still told for a moment beside the new values.
   *
   * @param configurations its states as they are now
   * @param before failures with the values of before, by the number of the component configuration
   * @param isLate whether that moment is over
   */
  private static String refusal(
      String component,
      List<ComponentConfigurationDTO> configurations,
      Map<String, Object> wanted,
      Map<Long, String> before,
      boolean isLate) {
    return configurations.stream()
        .filter(now -> isLate || hasFailed(now) && !now.failure.equals(before.get(now.id)))
        .filter(
            now ->
                wanted.entrySet().stream()
                    .allMatch(
                        value -> isSame(value.getValue(), now.properties.get(value.getKey()))))
        .map(now -> RefusedComponents.reason(component, now))
        .findFirst()
        .orElse("");
  }
}
