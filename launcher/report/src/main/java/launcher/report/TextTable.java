package launcher.report;

import java.util.ArrayList;
import java.util.List;

/** A table of text: columns aligned, marks on cells, colour only if asked for. */
public final class TextTable {
  /** What is said about a cell. */
  public enum Mark {
    /** Nothing. */
    NONE(' ', ""),
    /** The best of its column. */
    BEST('+', "\u001b[32m"),
    /** The worst of its column. */
    WORST('-', "\u001b[31m");

    private final char sign;
    private final String colour;

    Mark(char sign, String colour) {
      this.sign = sign;
      this.colour = colour;
    }
  }

  /** On which side a column's cells begin. */
  public enum Side {
    /** Words. */
    LEFT,
    /** Numbers. */
    RIGHT
  }

  private static final String GAP = "  ";
  private static final String PLAIN = "\u001b[0m";
  private static final String BOLD = "\u001b[1m";

  private record Cell(String text, Mark mark) {}

  private final List<String> titles = new ArrayList<>();
  private final List<Side> sides = new ArrayList<>();
  private final List<List<Cell>> rows = new ArrayList<>();
  private boolean marks;

  /** Adds a column. All columns come before the first row. */
  public TextTable column(String title, Side side) {
    titles.add(title);
    sides.add(side);
    return this;
  }

  /** Begins a row. */
  public TextTable row() {
    rows.add(new ArrayList<>());
    return this;
  }

  /** Adds a cell to the row. */
  public TextTable cell(String text) {
    return cell(text, Mark.NONE);
  }

  /** Adds a cell with a mark to the row. */
  public TextTable cell(String text, Mark mark) {
    rows.get(rows.size() - 1).add(new Cell(text, mark));
    marks |= mark != Mark.NONE;
    return this;
  }

  /**
   * The table's lines, each ended by a line feed. Marks are a sign behind the cell, and a colour if
   * there is colour.
   */
  public String text(boolean colour) {
    int[] widths = new int[titles.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = titles.get(column).length();
      for (List<Cell> row : rows) {
        if (column < row.size()) {
          widths[column] = Math.max(widths[column], row.get(column).text().length());
        }
      }
    }
    StringBuilder text = new StringBuilder();
    List<Cell> header = titles.stream().map(title -> new Cell(title, Mark.NONE)).toList();
    appendRow(text, header, widths, colour ? BOLD : "");
    for (List<Cell> row : rows) {
      appendRow(text, row, widths, colour ? null : "");
    }
    return text.toString();
  }

  /** Null for {@code style}: each cell by its mark. */
  private void appendRow(StringBuilder text, List<Cell> row, int[] widths, String style) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < row.size(); column++) {
      Cell cell = row.get(column);
      String on = style == null ? cell.mark().colour : style;
      String pad = " ".repeat(widths[column] - cell.text().length());
      String body = on.isEmpty() ? cell.text() : on + cell.text() + PLAIN;
      line.append(sides.get(column) == Side.RIGHT ? pad + body : body + pad);
      if (marks && sides.get(column) == Side.RIGHT) {
        line.append(cell.mark().sign);
      }
      line.append(GAP);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
