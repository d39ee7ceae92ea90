package launcher.scenario.policy;

/**
 * A policy that a bundle says it brings, whether or not the bundle is installed or could be.
 *
 * @param family key of its family
 * @param id whole id
 * @param apiVersion version of the family's SPI package that it was built against
 * @param bundle symbolic name and version of its bundle
 * @param description what its bundle says about it; may be empty
 * @param refusal why the bundle can't be used here; empty if it can
 */
public record OfferedPolicy(
    String family,
    String id,
    String apiVersion,
    String bundle,
    String description,
    String refusal) {}
