package launcher.scenario.internal.directory;

import java.util.ArrayList;
import java.util.List;
import launcher.scenario.policy.OfferedPolicy;
import launcher.scenario.policy.RefusedPolicy;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** Policies of bundles that are installed and that the framework can't wire to what is here. */
final class UnresolvedPolicies {
  private UnresolvedPolicies() {}

  static List<RefusedPolicy> of(BundleContext context) {
    List<RefusedPolicy> refused = new ArrayList<>();
    PolicyOffers offers = null;
    for (Bundle bundle : context.getBundles()) {
      if (bundle.getState() != Bundle.INSTALLED) {
        continue;
      }
      if (offers == null) {
        offers = new PolicyOffers(ExportedPackages.of(context));
      }
      for (OfferedPolicy policy : offers.of(bundle.getHeaders("")::get)) {
        if (!policy.refusal().isEmpty()) {
          refused.add(new RefusedPolicy(policy.id(), policy.bundle(), policy.refusal()));
        }
      }
    }
    return refused;
  }
}
