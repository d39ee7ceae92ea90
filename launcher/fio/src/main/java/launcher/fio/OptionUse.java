package launcher.fio;

/**
 * One option of a job file and what a simulation makes of it.
 *
 * @param position where it stands
 * @param job the section it stands in
 * @param setting as written, with its canonical name
 * @param treatment what becomes of it
 * @param why for ignored and refused options; names the nearest supported one. Otherwise empty, or
 *     a remark
 */
public record OptionUse(
    FioPosition position, String job, String setting, OptionTreatment treatment, String why) {
  @Override
  public String toString() {
    return position + ": [" + job + "]: " + setting + (why.isEmpty() ? "" : ": " + why);
  }
}
