package launcher.scenario.internal.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

class ComponentSettingsTest {
  private static final String NAME = "completion.mine";

  private static ComponentConfigurationDTO state(int state, long id, int priority) {
    ComponentConfigurationDTO now = new ComponentConfigurationDTO();
    now.state = state;
    now.id = id;
    now.properties = Map.of("priority", priority);
    now.failure = "java.lang.IllegalArgumentException: number " + id + " failed";
    return now;
  }

  /** What is seen of the component, look by look. */
  private static ComponentSettings seeing(ComponentConfigurationDTO... looks) {
    ComponentDescriptionDTO description = new ComponentDescriptionDTO();
    description.name = NAME;
    description.properties = Map.of();
    Iterator<ComponentConfigurationDTO> next = List.of(looks).iterator();
    Configuration configuration = proxy(Configuration.class, Map.of());
    return new ComponentSettings(
        proxy(ConfigurationAdmin.class, Map.of("getConfiguration", () -> configuration)),
        proxy(
            ServiceComponentRuntime.class,
            Map.of(
                "getComponentDescriptionDTOs",
                () -> List.of(description),
                "getComponentConfigurationDTOs",
                () -> List.of(next.next()))));
  }

  private static <T> T proxy(Class<T> type, Map<String, Supplier<Object>> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> answers.getOrDefault(method.getName(), () -> null).get()));
  }

  @Test
  void aFailureOfBeforeIsNoFailureOfTheNewValues() {
    int failed = ComponentConfigurationDTO.FAILED_ACTIVATION;
    ComponentSettings settings =
        seeing(
            state(failed, 7, 0), // Before the change.
            state(failed, 7, 60), // Has the new values, and has not been activated with them.
            state(failed, 8, 60)); // Has been.
    assertEquals(
        "number 8 failed", settings.change(NAME, Map.of("priority", 60), (name, values) -> false));
  }

  /** Declarative Services keeps the number of a component that it reconfigures. */
  @Test
  void aFailureAfterSomethingThatWorkedIsToldAtOnce() {
    int failed = ComponentConfigurationDTO.FAILED_ACTIVATION;
    ComponentSettings settings =
        seeing(
            state(ComponentConfigurationDTO.ACTIVE, 7, 60), // Before the change.
            state(ComponentConfigurationDTO.SATISFIED, 7, 0), // On its way.
            state(failed, 7, 0)); // There is no further look.
    assertEquals(
        "number 7 failed", settings.change(NAME, Map.of("priority", 0), (name, values) -> false));
  }

  @Test
  void aFailureThatIsLikeTheOneBeforeIsToldIfTheComponentWorkedInBetween() {
    int failed = ComponentConfigurationDTO.FAILED_ACTIVATION;
    ComponentSettings settings =
        seeing(
            state(failed, 7, 0), // Before the change.
            state(ComponentConfigurationDTO.SATISFIED, 7, -1), // On its way.
            state(failed, 7, -1)); // There is no further look.
    assertEquals(
        "number 7 failed", settings.change(NAME, Map.of("priority", -1), (name, values) -> false));
  }
}
