package launcher.cli;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The program: bnd's launcher calls the Callable marked {@code main.thread} on the main thread and
 * exits with its result.
 */
@Component(service = Callable.class, property = "main.thread=true")
public final class DeferlabMain implements Callable<Integer> {
  private final String[] args;

  /**
   * Takes the program's arguments from the service under which bnd's launcher publishes them.
   *
   * @param launcher its key holds the service properties, its value is the launcher itself
   */
  @Activate
  public DeferlabMain(
      @Reference(service = Object.class, target = "(launcher.arguments=*)")
          Map.Entry<Map<String, Object>, Object> launcher) {
    args = (String[]) Objects.requireNonNull(launcher.getKey().get("launcher.arguments"));
  }

  @Override
  public Integer call() {
    return new CommandLine(new Deferlab()).execute(args);
  }

  @Command(
      name = "deferlab",
      description = "A laboratory for deferral policies in the Linux I/O path.",
      mixinStandardHelpOptions = true,
      version = "deferlab 0.1.0")
  private static final class Deferlab implements Runnable {
    @Override
    public void run() {
      CommandLine.usage(this, System.out);
    }
  }
}
