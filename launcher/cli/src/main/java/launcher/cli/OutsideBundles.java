package launcher.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.scenario.policy.OfferedPolicy;
import launcher.scenario.policy.PolicyJars;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RefusedPolicy;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Installs bundles from outside in this process, and nowhere else. */
final class OutsideBundles {
  private final Console console;
  private final PolicyLookup policies;
  private final PolicyJars jars;
  private final BundleContext context;

  OutsideBundles(Console console, PolicyLookup policies, PolicyJars jars, BundleContext context) {
    this.console = console;
    this.policies = policies;
    this.jars = jars;
    this.context = context;
  }

  /** Installs what the command's options name, then does what comes next. */
  IExecutionStrategy before(IExecutionStrategy next) {
    return parsed -> {
      try {
        List<Path> named = new ArrayList<>();
        for (Path from : namedBy(parsed)) {
          named.addAll(JarFiles.of(from));
        }
        install(named);
      } catch (IOException unusable) {
        console.error("--bundles: " + unusable.getMessage());
        return ExitStatus.BAD_INPUT;
      }
      return next.execute(parsed);
    };
  }

  private static List<Path> namedBy(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    CommandSpec command = last.commandSpec();
    List<Object> options = new ArrayList<>(List.of(command.userObject()));
    command.mixins().values().forEach(mixin -> options.add(mixin.userObject()));
    List<Path> named = new ArrayList<>();
    for (Object one : options) {
      if (one instanceof NamesBundles names) {
        named.addAll(names.bundles());
      }
    }
    return named;
  }

  /** All are installed before one is started: they may need each other. */
  private void install(List<Path> files) throws IOException {
    Map<Path, Bundle> installed = new LinkedHashMap<>();
    Map<Path, List<OfferedPolicy>> offered = new LinkedHashMap<>();
    for (Path jar : files) {
      offered.put(jar, usable(jar));
      installed.put(jar, installed(jar));
    }
    for (Map.Entry<Path, Bundle> one : installed.entrySet()) {
      try {
        one.getValue().start();
      } catch (BundleException e) {
        throw new IOException(one.getKey() + ": can't be started: " + e.getMessage(), e);
      }
    }
    for (Map.Entry<Path, List<OfferedPolicy>> one : offered.entrySet()) {
      for (OfferedPolicy policy : one.getValue()) {
        requireUsed(one.getKey(), policy, installed.get(one.getKey()));
      }
    }
  }

  private List<OfferedPolicy> usable(Path jar) throws IOException {
    List<OfferedPolicy> offered;
    try {
      offered = jars.offered(jar);
    } catch (IOException e) {
      throw new IOException(jar + ": can't be read as a jar: " + e.getMessage(), e);
    }
    for (OfferedPolicy policy : offered) {
      if (!policy.refusal().isEmpty()) {
        throw new IOException(jar + ": " + policy.id() + ": " + policy.refusal());
      }
    }
    return offered;
  }

  /** In the place of a bundle of the same name, if there is one. */
  private Bundle installed(Path jar) throws IOException {
    String name = BundleManifest.symbolicName(jar);
    try (InputStream content = Files.newInputStream(jar)) {
      for (Bundle bundle : context.getBundles()) {
        if (name.equals(bundle.getSymbolicName())) {
          bundle.update(content);
          return bundle;
        }
      }
      return context.installBundle(jar.toUri().toString(), content);
    } catch (BundleException e) {
      throw new IOException(jar + ": can't be installed: " + e.getMessage(), e);
    }
  }

  /** The policy of this id is this bundle's: not refused, and not another's. */
  private void requireUsed(Path jar, OfferedPolicy policy, Bundle bundle) throws IOException {
    if (PolicyArrival.await(() -> isRegistered(policy.id(), bundle))) {
      return;
    }
    for (RefusedPolicy refused : policies.refused()) {
      if (refused.id().equals(policy.id())) {
        throw new IOException(jar + ": " + policy.id() + " is refused: " + refused.reason());
      }
    }
    throw new IOException(
        jar
            + ": "
            + policy.id()
            + ": another bundle has a policy of this id, or its component registers none;"
            + " 'deferlab policies' lists what there is");
  }

  private boolean isRegistered(String id, Bundle bundle) {
    String its = bundle.getSymbolicName() + " " + bundle.getVersion();
    return policies.registered().stream()
        .anyMatch(policy -> policy.id().equals(id) && policy.bundle().equals(its));
  }
}
