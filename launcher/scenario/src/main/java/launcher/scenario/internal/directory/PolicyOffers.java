package launcher.scenario.internal.directory;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import launcher.scenario.policy.OfferedPolicy;
import launcher.scenario.policy.PolicyFamily;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;
import sim.kernel.spi.PolicyId;

/**
 * What a bundle's manifest says of its policies, and whether they fit what is here: the capability
 * that {@link PolicyId} makes, and the packages that the bundle imports.
 */
final class PolicyOffers {
  private final ExportedPackages here;

  PolicyOffers(ExportedPackages here) {
    this.here = here;
  }

  /**
   * The policies of a bundle.
   *
   * @param headers gives the text of a manifest header; null for one that is not there
   */
  List<OfferedPolicy> of(UnaryOperator<String> headers) {
    List<ManifestClause> imports = clauses(headers, Constants.IMPORT_PACKAGE);
    String bundle =
        text(headers, Constants.BUNDLE_SYMBOLICNAME).replaceFirst("\\s*;.*", "")
            + " "
            + text(headers, Constants.BUNDLE_VERSION);
    return clauses(headers, Constants.PROVIDE_CAPABILITY).stream()
        .filter(clause -> clause.name().equals(PolicyId.NAMESPACE))
        .map(
            clause ->
                new OfferedPolicy(
                    clause.parameter("family"),
                    clause.parameter("id"),
                    clause.parameter("version"),
                    bundle,
                    description(headers, clause.parameter("family")),
                    refusal(clause, imports)))
        .toList();
  }

  private static String description(UnaryOperator<String> headers, String family) {
    String text = text(headers, Constants.BUNDLE_DESCRIPTION);
    String prefix = family + " policy: ";
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private String refusal(ManifestClause capability, List<ManifestClause> imports) {
    String family = capability.parameter("family");
    Optional<PolicyFamily<?>> known = PolicyFamily.of(family);
    if (known.isEmpty()) {
      return "there is no family '"
          + family
          + "'; there are "
          + String.join(", ", PolicyFamily.all().stream().map(PolicyFamily::key).toList());
    }
    Version built;
    try {
      built = Version.valueOf(capability.parameter("version"));
    } catch (IllegalArgumentException e) {
      return "its API version is '" + capability.parameter("version") + "', which is no version";
    }
    String spi = known.get().type().getPackageName();
    if (!here.has(spi, accepting(built))) {
      return "it was built for version %s of %s; here is %s. %s"
          .formatted(built, spi, text(here.versions(spi)), remedy(built, spi));
    }
    return missing(imports);
  }

  /** What serves a bundle that was built against a version: the same major, no older minor. */
  private static VersionRange accepting(Version built) {
    return new VersionRange(
        VersionRange.LEFT_CLOSED,
        new Version(built.getMajor(), built.getMinor(), 0),
        new Version(built.getMajor() + 1, 0, 0),
        VersionRange.RIGHT_OPEN);
  }

  private String remedy(Version built, String spi) {
    boolean newer = here.versions(spi).stream().allMatch(version -> version.compareTo(built) > 0);
    return newer
        ? "Build it against the deferlab that is here"
        : "Use a newer deferlab, or build it against this one";
  }

  private String missing(List<ManifestClause> imports) {
    for (ManifestClause imported : imports) {
      VersionRange range = range(imported);
      boolean needed = !Constants.RESOLUTION_OPTIONAL.equals(imported.parameter("resolution:"));
      if (needed && !imported.name().startsWith("java.") && !here.has(imported.name(), range)) {
        return "it needs package %s %s; here is %s"
            .formatted(imported.name(), range, text(here.versions(imported.name())));
      }
    }
    return "";
  }

  private static VersionRange range(ManifestClause imported) {
    String version = imported.parameter("version");
    return VersionRange.valueOf(version.isEmpty() ? "0" : version);
  }

  private static String text(List<Version> versions) {
    return versions.isEmpty()
        ? "none"
        : String.join(", ", versions.stream().map(Version::toString).toList());
  }

  private static List<ManifestClause> clauses(UnaryOperator<String> headers, String name) {
    return ManifestClause.parse(text(headers, name));
  }

  private static String text(UnaryOperator<String> headers, String name) {
    String text = headers.apply(name);
    return text == null ? "" : text;
  }
}
