package launcher.cli.shell;

import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import launcher.cli.Console;
import launcher.scenario.policy.PolicyLookup;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSessionListener;
import org.apache.felix.service.command.Converter;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** The shell's own commands, as the services that Gogo finds them by. */
final class ShellServices implements AutoCloseable {
  private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

  ShellServices(
      ShellFramework framework, Console console, Simulations simulations, PolicyLookup policies) {
    BundleContext context = framework.context();
    register(
        context, new SimCommands(simulations, console), SimCommands.SCOPE, SimCommands.FUNCTIONS);
    register(
        context,
        new RunsCommands(simulations, policies),
        SimCommands.SCOPE,
        RunsCommands.FUNCTIONS);
    register(
        context,
        new PolicyCommands(simulations, policies),
        PolicyCommands.SCOPE,
        PolicyCommands.FUNCTIONS);
    register(
        context,
        new PolicySettingsCommands(simulations, policies, framework, console),
        PolicyCommands.SCOPE,
        PolicySettingsCommands.FUNCTIONS);
    register(
        context,
        new PolicyAwaitCommand(simulations, policies),
        PolicyCommands.SCOPE,
        PolicyAwaitCommand.FUNCTIONS);
    register(context, new ExitCommand(context), ExitCommand.SCOPE, ExitCommand.FUNCTIONS);
    BundleNames names = new BundleNames(context);
    register(context, names, BundleNames.SCOPE, BundleNames.FUNCTIONS);
    registrations.add(context.registerService(Converter.class, names, new Hashtable<>()));
    Candidates candidates = new Candidates(simulations, policies, framework);
    register(context, candidates, Candidates.SCOPE, Candidates.FUNCTIONS);
    registrations.add(
        context.registerService(CommandSessionListener.class, candidates, new Hashtable<>()));
  }

  private void register(BundleContext context, Object commands, String scope, String[] functions) {
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put(CommandProcessor.COMMAND_SCOPE, scope);
    properties.put(CommandProcessor.COMMAND_FUNCTION, functions);
    registrations.add(context.registerService(Object.class, commands, properties));
  }

  @Override
  public void close() {
    try {
      registrations.forEach(ServiceRegistration::unregister);
    } catch (IllegalStateException e) {
      return; // The bundle has stopped already and its services with it.
    }
  }
}
