package launcher.calibration;

/**
 * A key of the machine file with its value.
 *
 * @param section {@code machine} or {@code device}
 * @param key as a scenario has it
 * @param value with its unit
 * @param source what was measured, and how often; or that it was stated
 * @param fit how well the value stands for what was measured; empty if there is nothing to say
 */
public record FittedValue(String section, String key, String value, String source, String fit) {}
