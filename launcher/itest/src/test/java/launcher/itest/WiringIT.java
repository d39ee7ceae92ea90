package launcher.itest;

import static org.junit.Assert.assertEquals;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.options;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** The program's bundles fit together, and its policies are there as components. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class WiringIT {
  @Inject private BundleContext context;
  @Inject private ServiceComponentRuntime components;

  @Configuration
  public Option[] program() {
    return options(Program.headless(), junitBundles());
  }

  @Test
  public void everyBundleOfTheProgramIsUp() {
    // The shell's bundles wait at a higher start level, where nothing has asked for them yet.
    context.getBundle(0).adapt(FrameworkWiring.class).resolveBundles(null);
    Map<String, Bundle> installed = new LinkedHashMap<>();
    for (Bundle bundle : context.getBundles()) {
      installed.put(bundle.getSymbolicName(), bundle);
    }
    List<String> faults = new ArrayList<>();
    for (Map.Entry<String, Integer> named : Program.startLevels().entrySet()) {
      Bundle bundle = installed.get(named.getKey());
      boolean fragment = bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
      boolean waits = fragment || named.getValue() > Program.HEADLESS_LEVEL;
      if (bundle.getState() != (waits ? Bundle.RESOLVED : Bundle.ACTIVE)) {
        faults.add(named.getKey() + ": is in state " + bundle.getState());
      }
    }
    assertEquals(List.of(), faults);
  }

  @Test
  public void everyPolicyIsASatisfiedComponentNamedAfterItsFamily() {
    List<String> faults = new ArrayList<>();
    for (ComponentDescriptionDTO policy : components.getComponentDescriptionDTOs()) {
      if (!policy.bundle.symbolicName.startsWith("policies.")) {
        continue;
      }
      String family = policy.bundle.symbolicName.split("\\.")[1];
      if (!policy.name.startsWith(family + ".")) {
        faults.add(policy.name + ": is of family " + family);
      }
      for (ComponentConfigurationDTO component : components.getComponentConfigurationDTOs(policy)) {
        if (component.state != ComponentConfigurationDTO.SATISFIED
            && component.state != ComponentConfigurationDTO.ACTIVE) {
          faults.add(policy.name + ": is in state " + component.state);
        }
      }
    }
    assertEquals(List.of(), faults);
  }
}
