package cnf.house;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a policy's bundle says about it, for whoever lists policies. */
class PolicyBundlesTest {
  private static final Pattern COMPONENT = Pattern.compile("<scr:component [^>]*name=\"([^\"]+)\"");

  @Test
  void everyPolicyBundleHoldsOneComponentThatSaysWhatItIs() throws IOException {
    List<String> faults = new ArrayList<>();
    int found = 0;
    for (Bundle bundle : House.bundles()) {
      if (!bundle.isPolicy() || bundle.name().equals("policies.tck")) {
        continue;
      }
      found++;
      List<String> components = components(bundle);
      if (components.size() != 1) {
        faults.add(bundle.name() + ": holds " + components.size() + " components, not one");
        continue;
      }
      faultsOf(bundle, components.get(0)).forEach(f -> faults.add(bundle.name() + ": " + f));
    }
    assertTrue(found > 0);
    assertTrue(faults.isEmpty(), () -> String.join("\n", faults) + "\n");
  }

  @Test
  void theCapabilityOfAPolicyHasTheVersionOfItsSpiPackage() {
    Map<String, String> spiVersions = new TreeMap<>();
    for (Bundle bundle : House.bundles()) {
      bundle
          .header("Export-Package")
          .clauses()
          .forEach(
              (name, parameters) -> {
                if (name.contains(".spi.")) {
                  spiVersions.put(
                      name.substring(name.lastIndexOf('.') + 1), parameters.get("version"));
                }
              });
    }
    List<String> faults = new ArrayList<>();
    for (Bundle bundle : House.bundles()) {
      if (bundle.isPolicy() && !bundle.name().equals("policies.tck")) {
        Map<String, String> capability =
            bundle
                .header("Provide-Capability")
                .clauses()
                .getOrDefault("deferlab.policy", new TreeMap<>());
        String version = spiVersions.get(capability.get("family"));
        if (version == null || !version.equals(capability.get("version"))) {
          faults.add(bundle.name() + ": provides " + capability + ", its SPI has " + version);
        }
      }
    }
    assertTrue(
        faults.isEmpty(),
        () -> String.join("\n", faults) + "\nsim.kernel.spi.SpiVersions has what is provided\n");
  }

  private static List<String> faultsOf(Bundle bundle, String component) throws IOException {
    List<String> faults = new ArrayList<>();
    Matcher name = COMPONENT.matcher(component);
    String id = property(component, "policy.id");
    if (!name.find() || !name.group(1).equals(id)) {
      faults.add("@Component's name is not the id '" + id + "' of @PolicyId");
    }
    if (!("policies." + id.replace("-", "")).equals(bundle.name())) {
      faults.add("its id '" + id + "' is not the folder's name with hyphens");
    }
    if (property(component, "policy.source").isBlank()) {
      faults.add("@PolicySource is missing");
    }
    String family = id.substring(0, Math.max(0, id.indexOf('.')));
    String description = bundle.mainHeader("Bundle-Description");
    if (!description.startsWith(family + " policy: ")) {
      faults.add("Bundle-Description is '" + description + "', not '" + family + " policy: ...'");
    }
    return faults;
  }

  private static String property(String component, String key) {
    Matcher matcher =
        Pattern.compile(
                "<property name=\"" + Pattern.quote(key) + "\" type=\"String\" value=\"([^\"]*)\"")
            .matcher(component);
    return matcher.find() ? matcher.group(1) : "";
  }

  private static List<String> components(Bundle bundle) throws IOException {
    List<String> texts = new ArrayList<>();
    try (JarFile jar = new JarFile(bundle.jar().toFile())) {
      for (JarEntry entry : jar.stream().toList()) {
        if (entry.getName().matches("OSGI-INF/[^/]+\\.xml")) {
          try (InputStream in = jar.getInputStream(entry)) {
            texts.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
          }
        }
      }
    }
    return texts;
  }
}
