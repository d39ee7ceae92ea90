package launcher.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import sim.kernel.spi.PolicyId;

/** Tells whether the packaged program is whole: each bundle started, each component satisfied. */
final class SelfCheck {
  private static final String POLICY = PolicyId.NAMESPACE;
  private static final int HEADLESS_LEVEL = 11;

  private final BundleContext context;
  private final ServiceComponentRuntime components;

  SelfCheck(BundleContext context, ServiceComponentRuntime components) {
    this.context = context;
    this.components = components;
  }

  /**
   * Prints what is wrong, or one line if nothing is.
   *
   * @return true if the program is whole
   */
  boolean printTo(PrintStream out) {
    List<String> faults = new ArrayList<>();
    int policies = 0;
    for (Bundle bundle : context.getBundles()) {
      policies += bundle.adapt(BundleRevision.class).getDeclaredCapabilities(POLICY).size();
      if (!isUp(bundle)) {
        faults.add(
            bundle.getSymbolicName() + ": is in state " + bundle.getState() + ", not started");
      }
    }
    for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs()) {
      for (ComponentConfigurationDTO component :
          components.getComponentConfigurationDTOs(description)) {
        if (component.state != ComponentConfigurationDTO.ACTIVE
            && component.state != ComponentConfigurationDTO.SATISFIED) {
          faults.add(
              description.bundle.symbolicName
                  + ": component "
                  + description.name
                  + " is in state "
                  + component.state
                  + (component.failure == null ? "" : "\n" + component.failure));
        }
      }
    }
    faults.forEach(out::println);
    if (faults.isEmpty()) {
      out.println(
          context.getBundles().length + " bundles, " + policies + " of them policies: whole");
    }
    return faults.isEmpty();
  }

  private static boolean isUp(Bundle bundle) {
    boolean fragment = bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
    int level = bundle.adapt(BundleStartLevel.class).getStartLevel();
    if (fragment || level > HEADLESS_LEVEL) {
      return bundle.getState() == Bundle.RESOLVED;
    }
    // The bundle of this class runs while it starts.
    return bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.STARTING;
  }
}
