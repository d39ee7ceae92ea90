package launcher.cli.tck;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.cli.PolicyArrival;
import launcher.scenario.policy.OfferedPolicy;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyJars;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RefusedPolicy;
import launcher.scenario.policy.RegisteredPolicy;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;
import policies.tck.TckFamily;

/** Finds the policies that the command line names: in jars, which it installs, or by id. */
final class Subjects {
  private final PolicyLookup policies;
  private final PolicyJars jars;
  private final BundleContext context;

  /** Says what is wrong with what was named. */
  static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableException(String message) {
      super(message);
    }
  }

  Subjects(PolicyLookup policies, PolicyJars jars, BundleContext context) {
    this.policies = policies;
    this.jars = jars;
    this.context = context;
  }

  /** Every policy that can be used here. */
  List<Subject<?>> all() {
    List<Subject<?>> subjects = new ArrayList<>();
    policies.registered().forEach(policy -> subjects.add(registered(policy)));
    return subjects;
  }

  /** What one argument names: a jar's policies, or one by its id. */
  List<Subject<?>> named(String argument) throws UnusableException {
    if (argument.endsWith(".jar") || Files.exists(Path.of(argument))) {
      return ofJar(Path.of(argument));
    }
    for (RegisteredPolicy policy : policies.registered()) {
      if (policy.id().equals(argument)) {
        return List.of(registered(policy));
      }
    }
    throw new UnusableException(
        argument
            + ": neither a jar nor a policy"
            + refusal(argument)
            + "\n  'deferlab policies' lists what there is");
  }

  private Subject<?> registered(RegisteredPolicy policy) {
    TckFamily<?> family = TckFamily.of(policy.family()).orElseThrow();
    Object service =
        policies
            .find(PolicyFamily.of(policy.family()).orElseThrow(), policy.id())
            .map(Object.class::cast)
            .orElseThrow(() -> new IllegalStateException(policy.id() + " has just left"));
    return Subject.of(policy.id(), policy.bundle(), family, service);
  }

  private String refusal(String id) {
    return policies.refused().stream()
        .filter(refused -> refused.id().equals(id))
        .findFirst()
        .map(RefusedPolicy::reason)
        .map(reason -> " that can be used: " + reason)
        .orElse("");
  }

  private List<Subject<?>> ofJar(Path jar) throws UnusableException {
    List<OfferedPolicy> offered;
    try {
      offered = jars.offered(jar);
    } catch (IOException e) {
      throw new UnusableException(jar + ": can't be read as a jar: " + e.getMessage());
    }
    if (offered.isEmpty()) {
      throw new UnusableException(
          jar
              + ": brings no policy: its manifest provides no capability deferlab.policy,"
              + " which bnd makes of @PolicyId");
    }
    for (OfferedPolicy policy : offered) {
      if (!policy.refusal().isEmpty()) {
        throw new UnusableException(jar + ": " + policy.id() + ": " + policy.refusal());
      }
    }
    Bundle bundle = started(jar, offered.get(0).bundle());
    List<Subject<?>> subjects = new ArrayList<>();
    for (OfferedPolicy policy : offered) {
      subjects.add(ofBundle(jar, bundle, policy));
    }
    return subjects;
  }

  /** Installs a jar, in the place of a bundle that has its name and version already. */
  private Bundle started(Path jar, String nameAndVersion) throws UnusableException {
    try (InputStream content = Files.newInputStream(jar)) {
      for (Bundle bundle : context.getBundles()) {
        if (nameAndVersion.equals(bundle.getSymbolicName() + " " + bundle.getVersion())) {
          bundle.update(content);
          bundle.start();
          return bundle;
        }
      }
      Bundle bundle = context.installBundle(jar.toUri().toString(), content);
      bundle.start();
      return bundle;
    } catch (IOException | BundleException e) {
      throw new UnusableException(jar + ": can't be installed: " + e.getMessage());
    }
  }

  private Subject<?> ofBundle(Path jar, Bundle bundle, OfferedPolicy offered)
      throws UnusableException {
    TckFamily<?> family = TckFamily.of(offered.family()).orElseThrow();
    if (PolicyArrival.await(() -> policyOf(bundle, offered.id(), family).isPresent())) {
      Object policy = policyOf(bundle, offered.id(), family).orElseThrow();
      return Subject.of(offered.id(), offered.bundle(), family, policy);
    }
    throw new UnusableException(
        jar + ": its component " + offered.id() + " registers no policy" + refusal(offered.id()));
  }

  private Optional<Object> policyOf(Bundle bundle, String id, TckFamily<?> family) {
    ServiceReference<?>[] services = bundle.getRegisteredServices();
    for (ServiceReference<?> service : services == null ? new ServiceReference<?>[0] : services) {
      if (id.equals(service.getProperty("policy.id"))) {
        Object policy = context.getService(service);
        if (family.type().isInstance(policy)) {
          return Optional.of(policy);
        }
      }
    }
    return Optional.empty();
  }
}
