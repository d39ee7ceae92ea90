package launcher.fio;

/** What a simulation makes of an option. */
public enum OptionTreatment {
  /** It has the effect it has under fio. */
  MODELLED,
  /** It cannot matter to a simulation. */
  IGNORED,
  /** It would change the result, and is not modelled. */
  REFUSED
}
