package launcher.fio;

import java.util.ArrayList;
import java.util.List;
import launcher.fio.internal.CommandLineReader;
import launcher.fio.internal.OptionCatalogue;

/** Reads job files the way fio does, its oddities included. */
public final class FioParser {
  /** The fio whose rules are followed. */
  public static final String FIO_VERSION = "fio-3.42-135-gf5344";

  private final FioHost host;
  private final FioFiles files;

  /**
   * A parser for one machine.
   *
   * @param host what the machine offers
   * @param files where files are looked up
   */
  public FioParser(FioHost host, FioFiles files) {
    this.host = host;
    this.files = files;
  }

  /** Reads one file. */
  public FioParseResult parse(String file) {
    return parse(List.of(file), List.of()).get(0);
  }

  /**
   * Reads the files of one command line, as {@code fio OPTION… FILE…} does.
   *
   * <p>Jobs of a later file wait for those of the ones before it. Reading stops after the first
   * file that fails.
   *
   * @param files at least one
   * @param options as after {@code --}, such as {@code "direct=1"}: defaults for the first file,
   *     whose own global sections come after them and win
   * @return one result a file read
   */
  public List<FioParseResult> parse(List<String> files, List<String> options) {
    return new CommandLineReader(host, this.files).read(files, options);
  }

  /** Every option that is known, in no particular order of importance. */
  public static List<FioOption> options() {
    return new ArrayList<>(OptionCatalogue.get().describe());
  }

  /** Whether an option's number is a time, which fio stores in microseconds. */
  public static boolean isTime(String name) {
    return OptionCatalogue.get().isTime(name);
  }
}
