package launcher.cli.catalogue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import launcher.cli.Console;
import launcher.report.TextTable;
import launcher.report.TextTable.Side;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists names with what each one is: {@code deferlab machines}, {@code devices}. */
@Command
public final class NamesCommand implements Callable<Integer> {
  private final Console console;
  private final Supplier<Map<String, String>> names;

  @Option(names = "--json", description = "Print the list as JSON.")
  private boolean json;

  /** The whole command: its name, and what its help says. */
  public static CommandLine line(
      String name, String description, Console console, Supplier<Map<String, String>> names) {
    CommandLine line = new CommandLine(new NamesCommand(console, names));
    line.getCommandSpec().name(name).usageMessage().description(description);
    return line;
  }

  /**
   * A list.
   *
   * @param names what each one is, by name, in order
   */
  private NamesCommand(Console console, Supplier<Map<String, String>> names) {
    this.console = console;
    this.names = names;
  }

  @Override
  public Integer call() throws Exception {
    if (json) {
      console
          .out()
          .println(
              new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(names.get()));
      return 0;
    }
    TextTable table = new TextTable().column("name", Side.LEFT).column("what it is", Side.LEFT);
    int indent =
        names.get().keySet().stream().mapToInt(String::length).max().orElse(0) + "  ".length();
    names
        .get()
        .forEach(
            (name, text) -> {
              String first = name;
              for (String line : Words.wrap(text, console.columns() - indent)) {
                table.row().cell(first).cell(line);
                first = "";
              }
            });
    console.out().print(table.text(console.colour()));
    return 0;
  }
}
