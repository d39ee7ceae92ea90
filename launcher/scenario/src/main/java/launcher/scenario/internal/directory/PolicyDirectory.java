package launcher.scenario.internal.directory;

import block.bio.spi.completion.CompletionPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyListener;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RefusedPolicy;
import launcher.scenario.policy.RegisteredPolicy;
import mm.core.spi.dropbehind.DropbehindPolicy;
import mm.core.spi.eviction.EvictionPolicy;
import mm.core.spi.writeback.WritebackPolicy;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
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
@Component(service = PolicyLookup.class)
public final class PolicyDirectory implements PolicyLookup {
  private final BundleContext context;
  private final RefusedComponents refusedComponents;
  private final List<PolicyEntry> entries = new ArrayList<>();
  private final List<PolicyListener> listeners = new CopyOnWriteArrayList<>();

  /** A directory of nothing yet; the services are added next. */
  @Activate
  public PolicyDirectory(BundleContext context, @Reference ServiceComponentRuntime components) {
    this.context = context;
    refusedComponents = new RefusedComponents(components);
  }

  @Reference(
      service = CompletionPolicy.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void addCompletion(ServiceReference<CompletionPolicy> service) {
    add(PolicyFamily.COMPLETION, service);
  }

  void removeCompletion(ServiceReference<CompletionPolicy> service) {
    remove(service);
  }

  @Reference(
      service = DropbehindPolicy.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void addDropbehind(ServiceReference<DropbehindPolicy> service) {
    add(PolicyFamily.DROPBEHIND, service);
  }

  void removeDropbehind(ServiceReference<DropbehindPolicy> service) {
    remove(service);
  }

  @Reference(
      service = WritebackPolicy.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void addWriteback(ServiceReference<WritebackPolicy> service) {
    add(PolicyFamily.WRITEBACK, service);
  }

  void removeWriteback(ServiceReference<WritebackPolicy> service) {
    remove(service);
  }

  @Reference(
      service = EvictionPolicy.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void addEviction(ServiceReference<EvictionPolicy> service) {
    add(PolicyFamily.EVICTION, service);
  }

  void removeEviction(ServiceReference<EvictionPolicy> service) {
    remove(service);
  }

  private <P> void add(PolicyFamily<P> family, ServiceReference<P> service) {
    // Null if its component threw: it stays registered and is told as refused.
    P policy = context.getService(service);
    PolicyEntry entry = new PolicyEntry(family, service, policy);
    synchronized (entries) {
      entries.add(entry);
    }
    if (entry.isUsable()) {
      listeners.forEach(listener -> listener.arrived(family, entry.id()));
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
    if (entry.isUsable()) {
      listeners.forEach(listener -> listener.leaving(entry.family(), entry.id(), entry.policy()));
    }
    context.ungetService(service);
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
    synchronized (entries) {
      return entries.stream()
          .filter(entry -> entry.isUsable() && entry.family() == family && entry.id().equals(id))
          .max(PolicyEntry.BY_RANK)
          .map(entry -> family.type().cast(entry.policy()));
    }
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
            && entry.policy() == find(family, entry.id()).orElse(null)) {
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
  public AutoCloseable listen(PolicyListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
