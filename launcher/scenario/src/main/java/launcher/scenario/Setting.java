package launcher.scenario;

/**
 * A value that replaces what a scenario says, given on the command line.
 *
 * @param key the scenario's key with those above it: {@code machine.hz}
 * @param value as it would be written in the scenario
 * @param origin the option it came from, for messages
 */
public record Setting(String key, String value, String origin) {}
