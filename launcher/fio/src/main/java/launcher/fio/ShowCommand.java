package launcher.fio;

/**
 * The file as a command line; what {@code fio --showcmd} prints.
 *
 * @param exit fio's exit status
 * @param line the part before the first error, or all; empty if there was no section
 */
public record ShowCommand(int exit, String line) {}
