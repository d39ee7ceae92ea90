package launcher.calibration;

import java.util.List;
import java.util.Optional;

/**
 * What came out of the measurements.
 *
 * @param inputs what was read: each file's name and what it is
 * @param device measured latencies; empty if no input has any
 * @param values keys that were fitted or stated
 * @param refusals what the measurements can't tell, and why
 * @param notes what to know before the result is used
 */
public record Calibration(
    List<String> inputs,
    Optional<DeviceFit> device,
    List<FittedValue> values,
    List<String> refusals,
    List<String> notes) {
  /** Copies the lists. */
  public Calibration {
    inputs = List.copyOf(inputs);
    values = List.copyOf(values);
    refusals = List.copyOf(refusals);
    notes = List.copyOf(notes);
  }
}
