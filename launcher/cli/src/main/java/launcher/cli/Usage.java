package launcher.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import launcher.cli.run.RefusedRunException;
import launcher.scenario.ScenarioException;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** How all commands are helped with, and how their errors are told. */
final class Usage {
  private static final int WIDTH_MAX = 100;
  private static final int WIDTH_MIN = 55;

  private final Console console;

  Usage(Console console) {
    this.console = console;
  }

  CommandLine applyTo(CommandLine commandLine) {
    addHelp(commandLine, true);
    commandLine.getSubcommands().values().forEach(command -> addHelp(command, false));
    commandLine.setOut(new PrintWriter(console.out(), true));
    commandLine.setErr(new PrintWriter(console.err(), true));
    commandLine.setColorScheme(
        Help.defaultColorScheme(console.colour() ? Help.Ansi.ON : Help.Ansi.OFF));
    commandLine.setUsageHelpWidth(Math.max(WIDTH_MIN, Math.min(WIDTH_MAX, console.columns())));
    commandLine.setParameterExceptionHandler(this::wrongUsage);
    commandLine.setExecutionExceptionHandler(this::failed);
    return commandLine;
  }

  private static void addHelp(CommandLine command, boolean top) {
    command.getCommandSpec().mixinStandardHelpOptions(true);
    if (!top) {
      command.getCommandSpec().remove(command.getCommandSpec().findOption("--version"));
    }
  }

  private int wrongUsage(ParameterException wrong, String[] args) {
    CommandLine command = wrong.getCommandLine();
    console.error(wrong.getMessage());
    UnmatchedArgumentException.printSuggestions(wrong, command.getErr());
    console.err().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitStatus.BAD_INPUT;
  }

  private int failed(Exception thrown, CommandLine command, ParseResult parsed) {
    String bad = badInput(thrown);
    if (bad != null) {
      console.error(bad);
      return ExitStatus.BAD_INPUT;
    }
    console.error("deferlab has an error; please report it with the command and what follows");
    thrown.printStackTrace(console.err());
    return ExitStatus.FAILED;
  }

  /** What is wrong with the input; null if it is not the input that is wrong. */
  private static String badInput(Exception thrown) {
    if (thrown instanceof NoSuchFileException e) {
      return e.getFile() + ": there is no such file or folder";
    }
    if (thrown instanceof AccessDeniedException e) {
      return e.getFile() + ": access is denied";
    }
    if (thrown instanceof ScenarioException
        || thrown instanceof RefusedRunException
        || thrown instanceof IOException) {
      return thrown.getMessage();
    }
    return null;
  }
}
