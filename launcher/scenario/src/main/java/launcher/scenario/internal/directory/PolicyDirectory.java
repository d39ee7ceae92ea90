package launcher.scenario.internal.directory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import launcher.scenario.policy.PolicyConfigurations;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyListener;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RefusedPolicy;
import launcher.scenario.policy.RegisteredPolicy;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.AnyService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * Finds policies among the framework's services, as they come and go.
 *
 * <p>Services come and go on any thread. A listener is called without the lock, because a run that
 * is told of a leaving policy answers from its own thread, which may look something up here.
 */
@Component(service = {PolicyLookup.class, PolicyConfigurations.class})
public final class PolicyDirectory implements PolicyLookup, PolicyConfigurations {
  private final BundleContext context;
  private final RefusedComponents refusedComponents;
  private final ComponentSettings settings;
  private final List<PolicyEntry> entries = new ArrayList<>();

  /** Those of the entries of which every listener has been told. */
  private final List<PolicyEntry> told = new CopyOnWriteArrayList<>();

  private final List<PolicyListener> listeners = new CopyOnWriteArrayList<>();

  /** How many policies are coming or going of which a listener may not have been told yet. */
  private final AtomicInteger changing = new AtomicInteger();

  /** A directory of nothing yet; the services are added next. */
  @Activate
  public PolicyDirectory(
      BundleContext context,
      @Reference ServiceComponentRuntime components,
      @Reference ConfigurationAdmin configurations) {
    this.context = context;
    refusedComponents = new RefusedComponents(components);
    settings = new ComponentSettings(configurations, components);
  }

  /**
   * A policy comes. What {@link PolicyFamily} knows no family of is passed over: the filter takes
   * whatever is called like a policy of an SPI package, so that a family is named in one place.
   */
  @Reference(
      service = AnyService.class,
      target = "(objectClass=*.spi.*Policy)",
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void addPolicy(ServiceReference<?> service) {
    changing.incrementAndGet();
    try {
      PolicyEntry.familyOf(service).ifPresent(family -> add(family, service));
    } finally {
      changing.decrementAndGet();
    }
  }

  void removePolicy(ServiceReference<?> service) {
    changing.incrementAndGet();
    try {
      remove(service);
    } finally {
      changing.decrementAndGet();
    }
  }

  private void remove(ServiceReference<?> service) {
    PolicyEntry entry;
    synchronized (entries) {
      int index = indexOf(service);
      if (index < 0) {
        return;
      }
      entry = entries.remove(index);
    }
    told.remove(entry);
    try {
      if (entry.isUsable()) {
        tellLeaving(entry);
      }
    } finally {
      context.ungetService(service);
    }
  }

  private void add(PolicyFamily<?> family, ServiceReference<?> service) {
    // Null if its component threw: it stays registered and is told as refused.
    Object policy = context.getService(service);
    PolicyEntry entry = new PolicyEntry(family, service, policy);
    synchronized (entries) {
      entries.add(entry);
    }
    if (entry.isUsable()) {
      listeners.forEach(listener -> listener.arrived(family, entry.id()));
    } else {
      listeners.forEach(listener -> listener.refused(family, entry.id()));
    }
    told.add(entry);
  }

  /** Every run is told, even if one before it does not answer. */
  private void tellLeaving(PolicyEntry entry) {
    RuntimeException stuck = null;
    for (PolicyListener listener : listeners) {
      try {
        listener.leaving(entry.family(), entry.id(), entry.policy());
      } catch (RuntimeException e) {
        if (stuck == null) {
          stuck = e;
        } else {
          stuck.addSuppressed(e);
        }
      }
    }
    if (stuck != null) {
      throw stuck;
    }
  }

  private int indexOf(ServiceReference<?> service) {
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).service().equals(service)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public <P> Optional<P> find(PolicyFamily<P> family, String id) {
    return best(family, id).map(entry -> family.type().cast(entry.policy()));
  }

  private Optional<PolicyEntry> best(PolicyFamily<?> family, String id) {
    synchronized (entries) {
      return entries.stream()
          .filter(entry -> entry.isUsable() && entry.family() == family && entry.id().equals(id))
          .max(PolicyEntry.BY_RANK);
    }
  }

  @Override
  public Map<String, String> configuration(PolicyFamily<?> family, String id) {
    return best(family, id).map(PolicyEntry::configuration).orElse(Map.of());
  }

  @Override
  public void configure(PolicyFamily<?> family, String id, Map<String, String> configuration) {
    if (!configuration.isEmpty() && !configuration(family, id).equals(configuration)) {
      set(id, Map.copyOf(configuration));
    }
  }

  @Override
  public void set(String id, Map<String, ?> values) {
    String component = componentOf(id);
    Map<String, Object> before = settings.explicit(component);
    if (before.equals(values) && isThereWith(component, values)) {
      return;
    }
    String refusal = settings.change(component, values, this::isThereWith);
    if (!refusal.isEmpty()) {
      settings.change(component, before, this::isThereWith);
      throw new IllegalArgumentException(id + ": " + refusal);
    }
  }

  @Override
  public Map<String, Object> explicit(String id) {
    return settings.explicit(componentOf(id));
  }

  /** Whether a component of this name is there as a policy, with these values, and known of. */
  private boolean isThereWith(String component, Map<String, ?> values) {
    return told.stream()
        .anyMatch(
            entry ->
                entry.isUsable()
                    && entry.component().equals(component)
                    && entry.hasProperties(values));
  }

  /** The component that registers a policy; one that is refused is known by nothing else. */
  private String componentOf(String id) {
    return told.stream()
        .filter(entry -> entry.id().equals(id) && !entry.component().isEmpty())
        .max(PolicyEntry.BY_RANK)
        .map(PolicyEntry::component)
        .orElse(id);
  }

  @Override
  public List<RegisteredPolicy> registered() {
    List<RegisteredPolicy> policies = new ArrayList<>();
    for (PolicyFamily<?> family : PolicyFamily.all()) {
      usable(family).stream()
          .map(PolicyEntry::describe)
          .sorted(Comparator.comparing(RegisteredPolicy::id))
          .forEach(policies::add);
    }
    return policies;
  }

  /** Those that {@link #find} returns: one for each id. */
  private List<PolicyEntry> usable(PolicyFamily<?> family) {
    synchronized (entries) {
      List<PolicyEntry> best = new ArrayList<>();
      for (PolicyEntry entry : entries) {
        if (entry.isUsable()
            && entry.family() == family
            && entry == best(family, entry.id()).orElse(null)) {
          best.add(entry);
        }
      }
      return best;
    }
  }

  @Override
  public List<RefusedPolicy> refused() {
    List<RefusedPolicy> refused = new ArrayList<>(refusedComponents.list());
    refused.addAll(UnresolvedPolicies.of(context));
    synchronized (entries) {
      entries.stream().flatMap(entry -> entry.refusal().stream()).forEach(refused::add);
    }
    refused.sort(Comparator.comparing(RefusedPolicy::id));
    return refused;
  }

  @Override
  public boolean isTold() {
    return changing.get() == 0;
  }

  @Override
  public AutoCloseable listen(PolicyListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
