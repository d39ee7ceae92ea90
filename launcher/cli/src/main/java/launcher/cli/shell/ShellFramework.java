package launcher.cli.shell;

import java.util.List;
import launcher.cli.catalogue.MetatypeAttributes;
import launcher.scenario.policy.PolicyConfigurations;
import launcher.scenario.policy.PolicyJars;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.metatype.AttributeDefinition;

/**
 * What a shell needs of the framework.
 *
 * @param context of the bundle of the command line
 * @param components state of components
 * @param configurations configurations of policies
 * @param metatypes what they may hold
 * @param jars what jars bring that are not installed yet
 */
public record ShellFramework(
    BundleContext context,
    ServiceComponentRuntime components,
    PolicyConfigurations configurations,
    MetatypeAttributes metatypes,
    PolicyJars jars) {
  /** What the configuration of a policy may hold. */
  List<AttributeDefinition> attributes(String id) {
    return metatypes.definitions(id);
  }
}
