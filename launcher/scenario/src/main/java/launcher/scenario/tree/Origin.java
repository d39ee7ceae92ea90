package launcher.scenario.tree;

/**
 * Where a value comes from.
 *
 * @param text {@code file:line:column} with both counted from 1, or an option's name
 */
public record Origin(String text) {
  static Origin of(String file, int lineIndex, int columnIndex) {
    return new Origin(file + ":" + (lineIndex + 1) + ":" + (columnIndex + 1));
  }

  @Override
  public String toString() {
    return text;
  }
}
