package launcher.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import launcher.fio.FioHost;
import launcher.fio.FioJson;
import launcher.fio.FioReading;
import launcher.scenario.Quantity;
import launcher.scenario.Unit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Prints what is understood of fio job files. */
@Command(
    name = "parse",
    description = {
      "Prints what is understood of fio job files, each read alone.",
      "Exits with 0 if all can be simulated, with 2 if one is wrong or has an option that is not"
          + " modelled."
    },
    mixinStandardHelpOptions = true)
final class ParseCommand implements Callable<Integer> {
  private static final int PAGE_BYTES = 4096;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "fio job files.")
  private List<String> files;

  @Option(
      names = "--json",
      description = "One JSON object a file, one a line: what fio itself would make of it.")
  private boolean json;

  @Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      description = "Value of $${NAME}, before that of the environment; may be repeated.")
  private Map<String, String> variables = new LinkedHashMap<>();

  @Option(
      names = "--cpus",
      paramLabel = "COUNT",
      description = "CPUs of the machine to read for; this one's otherwise.")
  private Integer cpus;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      converter = Memory.class,
      description =
          "Its memory, for example 8 GiB; this one's otherwise, or 4 GiB where that can't be told.")
  private Long memoryBytes;

  @Spec private CommandSpec spec;

  private static final class Memory implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        return Quantity.parse(text, Unit.BYTES).toLong();
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  @Override
  public Integer call() throws JsonProcessingException {
    ObjectMapper mapper = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    PrintWriter out = spec.commandLine().getOut();
    FioHost host = host();
    boolean all = true;
    for (String file : files) {
      FioReading reading = FioReading.of(file, host, variables);
      out.print(
          json
              ? mapper.writeValueAsString(FioJson.of(reading)) + "\n"
              : new ParseText(reading).toString());
      out.flush();
      printErrors(reading);
      all &= reading.canBeSimulated();
    }
    return all ? 0 : 2;
  }

  private FioHost host() {
    if (cpus != null && cpus < 1) {
      throw new ParameterException(
          spec.commandLine(), "--cpus: '" + cpus + "'; it must be 1 or more");
    }
    return new FioHost(
        cpus == null ? Runtime.getRuntime().availableProcessors() : cpus,
        (memoryBytes == null ? ThisHost.memoryBytes() : memoryBytes) >> 20,
        PAGE_BYTES,
        name -> Optional.ofNullable(System.getenv(name)));
  }

  private void printErrors(FioReading reading) {
    PrintWriter err = spec.commandLine().getErr();
    reading.simulated().problems().forEach(err::println);
    reading.simulated().refused().forEach(err::println);
    err.flush();
  }
}
