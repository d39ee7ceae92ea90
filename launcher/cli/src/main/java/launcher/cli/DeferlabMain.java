package launcher.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import launcher.cli.author.NewPolicyCommand;
import launcher.cli.calibrate.CalibrateCommand;
import launcher.cli.catalogue.ErasCommand;
import launcher.cli.catalogue.MetatypeAttributes;
import launcher.cli.catalogue.NamesCommand;
import launcher.cli.catalogue.PoliciesCommand;
import launcher.cli.check.CheckCommand;
import launcher.cli.compare.CompareCommand;
import launcher.cli.run.RunCommand;
import launcher.cli.sensitivity.SensitivityCommand;
import launcher.cli.shell.ShellCommand;
import launcher.cli.shell.ShellFramework;
import launcher.cli.tck.TckCommand;
import launcher.cli.trace.ReplayCommand;
import launcher.cli.trace.TraceCommand;
import launcher.cli.validate.ValidateCommand;
import launcher.scenario.ScenarioReader;
import launcher.scenario.policy.PolicyConfigurations;
import launcher.scenario.policy.PolicyJars;
import launcher.scenario.policy.PolicyLookup;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.metatype.MetaTypeService;
import picocli.CommandLine;

/**
 * The program: bnd's launcher calls the Callable marked {@code main.thread} on the main thread and
 * exits with its result. Only composes.
 */
@Component(service = Callable.class, property = "main.thread=true")
public final class DeferlabMain implements Callable<Integer> {
  private final String[] args;
  private final BundleContext context;
  private final ServiceComponentRuntime components;
  private final MetaTypeService metatypes;
  private final PolicyLookup policies;
  private final PolicyJars jars;
  private final PolicyConfigurations configurations;

  /**
   * Takes the program's arguments from the service under which bnd's launcher publishes them.
   *
   * @param launcher its key holds the service properties, its value is the launcher itself
   */
  @Activate
  public DeferlabMain(
      BundleContext context,
      @Reference ServiceComponentRuntime components,
      @Reference MetaTypeService metatypes,
      @Reference PolicyLookup policies,
      @Reference PolicyJars jars,
      @Reference PolicyConfigurations configurations,
      @Reference(service = Object.class, target = "(launcher.arguments=*)")
          Map.Entry<Map<String, Object>, Object> launcher) {
    this.context = context;
    this.components = components;
    this.metatypes = metatypes;
    this.policies = policies;
    this.jars = jars;
    this.configurations = configurations;
    args = (String[]) Objects.requireNonNull(launcher.getKey().get("launcher.arguments"));
  }

  @Override
  public Integer call() {
    // The same output everywhere: numbers and upper case don't depend on the user's language.
    Locale.setDefault(Locale.ROOT);
    Console console = Console.of(System.getenv(), System.getProperty("deferlab.terminals"));
    Interrupt interrupt = new Interrupt();
    interrupt.install();
    Deferlab deferlab = new Deferlab(console, new SelfCheck(context, components));
    CommandLine commandLine = new CommandLine(deferlab);
    commandLine.addSubcommand(new RunCommand(console, policies, interrupt));
    commandLine.addSubcommand(new CompareCommand(console, policies, interrupt));
    commandLine.addSubcommand(new SensitivityCommand(console, policies, interrupt));
    commandLine.addSubcommand(new CheckCommand(console, policies, interrupt));
    commandLine.addSubcommand(new ValidateCommand(console, policies, interrupt));
    commandLine.addSubcommand(new ReplayCommand(console, policies, interrupt));
    commandLine.addSubcommand(new TraceCommand(console, interrupt));
    commandLine.addSubcommand(new ParseCommand());
    commandLine.addSubcommand(new CalibrateCommand(console, policies, interrupt));
    MetatypeAttributes attributes = new MetatypeAttributes(context, metatypes);
    commandLine.addSubcommand(new PoliciesCommand(console, policies, jars, attributes));
    commandLine.addSubcommand(new ErasCommand(console));
    commandLine.addSubcommand(
        NamesCommand.line(
            "machines",
            "Lists the machines that can be named.",
            console,
            ScenarioReader::machines));
    commandLine.addSubcommand(
        NamesCommand.line(
            "devices",
            "Lists the block devices that can be named.",
            console,
            ScenarioReader::devices));
    commandLine.addSubcommand(new TckCommand(console, policies, jars, context));
    commandLine.addSubcommand(
        new NewPolicyCommand(console, policies, context.getBundle().getVersion()));
    commandLine.addSubcommand(
        new ShellCommand(
            console,
            policies,
            new ShellFramework(context, components, configurations, attributes, jars),
            interrupt));
    commandLine.addSubcommand(new picocli.AutoComplete.GenerateCompletion());
    commandLine.setExecutionStrategy(
        new OutsideBundles(console, policies, jars, context).before(new CommandLine.RunLast()));
    return new Usage(console).applyTo(commandLine).execute(args);
  }
}
