package launcher.cli;

import java.nio.file.Path;
import java.util.List;

/** Options of a command that may name bundles which the program does not have. */
public interface NamesBundles {
  /** Jars, and folders with jars; they are installed before the command is called. */
  List<Path> bundles();
}
