package launcher.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The program: bnd's launcher calls the Callable marked {@code main.thread} on the main thread and
 * exits with its result.
 */
@Component(service = Callable.class, property = "main.thread=true")
public final class DeferlabMain implements Callable<Integer> {
  private final String[] args;
  private final BundleContext context;
  private final ServiceComponentRuntime components;

  /**
   * Takes the program's arguments from the service under which bnd's launcher publishes them.
   *
   * @param launcher its key holds the service properties, its value is the launcher itself
   */
  @Activate
  public DeferlabMain(
      BundleContext context,
      @Reference ServiceComponentRuntime components,
      @Reference(service = Object.class, target = "(launcher.arguments=*)")
          Map.Entry<Map<String, Object>, Object> launcher) {
    this.context = context;
    this.components = components;
    args = (String[]) Objects.requireNonNull(launcher.getKey().get("launcher.arguments"));
  }

  @Override
  public Integer call() {
    // The same output everywhere: numbers and upper case don't depend on the user's language.
    Locale.setDefault(Locale.ROOT);
    CommandLine commandLine = new CommandLine(new Root());
    commandLine.addSubcommand(new ParseCommand());
    commandLine.addSubcommand("shell", new ShellCommand());
    return commandLine.execute(args);
  }

  @Command(
      name = "deferlab",
      description = "A laboratory for deferral policies in the Linux I/O path.",
      mixinStandardHelpOptions = true,
      version = "deferlab 0.1.0")
  private final class Root implements Callable<Integer> {
    @Option(names = "--self-check", hidden = true)
    private boolean selfCheck;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      if (selfCheck) {
        return new SelfCheck(context, components).printTo(System.out) ? 0 : 1;
      }
      spec.commandLine().usage(System.err);
      return 2;
    }
  }

  @Command(name = "shell", description = "Opens the framework's shell.")
  private final class ShellCommand implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      new Shell(context).runUntilExit();
      return 0;
    }
  }
}
