package sim.kernel.spi;

/**
 * The versions of the families' SPI packages, for {@link PolicyId}: bnd expands an annotation's
 * macros before it knows what a bundle imports, so that they can't be looked up. The build compares
 * them with what the packages say.
 */
final class SpiVersions {
  private static final String COMPLETION = "1.1.0";
  private static final String DROPBEHIND = "1.1.0";
  private static final String WRITEBACK = "1.1.0";
  private static final String EVICTION = "2.0.0";

  /** A bnd macro: the version of the family that an id begins with; 0 for an unknown one. */
  static final String OF_FAMILY =
      "${if;${matches;${#value};completion\\..+};"
          + COMPLETION
          + ";${if;${matches;${#value};dropbehind\\..+};"
          + DROPBEHIND
          + ";${if;${matches;${#value};writeback\\..+};"
          + WRITEBACK
          + ";${if;${matches;${#value};eviction\\..+};"
          + EVICTION
          + ";0}}}}";

  private SpiVersions() {}
}
