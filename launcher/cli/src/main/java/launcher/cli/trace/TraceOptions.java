package launcher.cli.trace;

import java.util.Optional;
import launcher.trace.TraceFormat;
import launcher.trace.TraceReader;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How a trace is read. */
final class TraceOptions {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "What the file is, if its first bytes do not say it: ftrace, blkparse, ...")
  private String format;

  @Option(
      names = "--strict",
      description = "End at the first line that can't be read; otherwise they are counted.")
  private boolean strict;

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  boolean strict() {
    return strict;
  }

  /** The format, if one is named. */
  Optional<String> format() {
    if (format != null && TraceFormat.of(format).isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--format: there is no format '" + format + "'; there are: " + TraceFormat.ids());
    }
    return Optional.ofNullable(format);
  }

  TraceReader applyTo(TraceReader reader) {
    Optional<TraceFormat> forced = format().flatMap(TraceFormat::of);
    TraceReader as = forced.map(reader::as).orElse(reader);
    return strict ? as.strictly() : as;
  }
}
