package launcher.report.sensitivity;

import java.util.Optional;

/**
 * What came of varying one cost.
 *
 * @param key the scenario's key: {@code machine.folio-add}
 * @param value what it is, with its unit
 * @param lower empty if it can't be lower, or was not run
 * @param higher empty if it can't be higher, or was not run
 */
public record CostEffect(
    String key, String value, Optional<VariedSide> lower, Optional<VariedSide> higher) {}
