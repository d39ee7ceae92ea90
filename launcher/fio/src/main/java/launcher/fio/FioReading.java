package launcher.fio;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One job file, read as fio reads it on a host and as a simulation reads it.
 *
 * @param file as named by the caller
 * @param sha256 of its bytes, in hexadecimal; empty if it cannot be read
 * @param byFio with the folders and the environment of the host
 * @param anywhere the same, but every folder that {@code directory=} names is there
 * @param variables given by the caller in addition to the environment, sorted
 * @param withVariables {@code byFio} with these variables; empty if the file refers to none of them
 * @param simulated {@code anywhere} with these variables: what a simulation starts from
 */
public record FioReading(
    String file,
    Optional<String> sha256,
    FioParseResult byFio,
    FioParseResult anywhere,
    Map<String, String> variables,
    Optional<FioParseResult> withVariables,
    FioParseResult simulated) {

  /**
   * Reads a file alone, whatever other files there are.
   *
   * @param host its environment is used as it is where no variable stands in for it
   * @param variables values of {@code ${NAME}} that go before those of the host's environment
   */
  public static FioReading of(String file, FioHost host, Map<String, String> variables) {
    FioHost changed =
        new FioHost(
            host.cpus(),
            host.memoryMib(),
            host.pageSizeBytes(),
            name ->
                variables.containsKey(name)
                    ? Optional.of(variables.get(name))
                    : host.environment().apply(name));
    FioFiles here = JobFolder.ofThisHost();
    FioFiles made = JobFolder.withAnyDirectory();
    FioParseResult anywhere = new FioParser(host, made).parse(file);
    Map<String, String> used = new TreeMap<>(variables);
    used.keySet().retainAll(anywhere.environmentNames());
    return new FioReading(
        file,
        here.read(file).map(FioReading::sha256),
        new FioParser(host, here).parse(file),
        anywhere,
        used,
        used.isEmpty() ? Optional.empty() : Optional.of(new FioParser(changed, here).parse(file)),
        used.isEmpty() ? anywhere : new FioParser(changed, made).parse(file));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Whether fio accepts the file and all that it says can be simulated. */
  public boolean canBeSimulated() {
    return simulated.check().verdict().accept() && simulated.refused().isEmpty();
  }
}
