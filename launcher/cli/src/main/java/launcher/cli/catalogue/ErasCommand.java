package launcher.cli.catalogue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import launcher.cli.Console;
import launcher.scenario.Era;
import launcher.scenario.ScenarioException;
import launcher.scenario.ScenarioReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code deferlab eras}. */
@Command(
    name = "eras",
    description =
        "Lists the kernels that can be named, and what each sets otherwise than the one before.",
    footerHeading = "%nExamples:%n",
    footer = {"  deferlab eras", "  deferlab eras my-eras.yaml", "  deferlab eras --json"})
public final class ErasCommand implements Callable<Integer> {
  private static final String INDENT = "  ";

  private final Console console;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "Further eras, as a scenario's key 'eras' names them.")
  private Path file;

  @Option(names = "--json", description = "Print the list as JSON.")
  private boolean json;

  /** The command. */
  public ErasCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws ScenarioException {
    List<Era> eras = file == null ? ScenarioReader.eras() : ScenarioReader.eras(file);
    console.out().print(json ? json(eras) : text(eras));
    return 0;
  }

  private String text(List<Era> eras) {
    StringBuilder text = new StringBuilder();
    for (Era era : eras) {
      String like = era.before().isEmpty() ? "" : " (like " + era.before() + ")";
      text.append(text.isEmpty() ? "" : "\n").append(console.good(era.id()));
      text.append(like).append('\n');
      line(text, era.description());
      if (!era.source().isEmpty()) {
        line(text, "source: " + era.source());
      }
      era.changes().forEach((key, value) -> line(text, key + ": " + value));
      if (era.changes().isEmpty()) {
        line(text, "sets nothing otherwise");
      }
    }
    return text.toString();
  }

  private void line(StringBuilder text, String prose) {
    String next = INDENT;
    for (String line : Words.wrap(prose, console.columns() - 2 * INDENT.length())) {
      text.append(next).append(line).append('\n');
      next = INDENT + INDENT;
    }
  }

  private static String json(List<Era> eras) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("format", 1);
    root.put("eras", eras.stream().map(ErasCommand::node).toList());
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain maps could not be written", e);
    }
  }

  private static Map<String, Object> node(Era era) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("era", era.id());
    node.put("description", era.description());
    node.put("source", era.source());
    node.put("like", era.before());
    node.put("settings", era.settings());
    node.put("changes", era.changes());
    return node;
  }
}
