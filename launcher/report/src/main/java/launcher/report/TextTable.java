package launcher.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table of text: columns aligned, marks on cells, colour only if asked for. A title may have
 * several lines; the last ones stand beside each other.
 */
public final class TextTable {
  /** What is said about a cell. */
  public enum Mark {
    /** Nothing. */
    NONE(' ', ""),
    /** The best of its column. */
    BEST('+', "\u001b[32m"),
    /** The worst of its column. */
    WORST('-', "\u001b[31m"),
    /** Not told from the best by the runs that were done. */
    NOISE('~', "\u001b[2m");

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

  private final List<List<String>> titles = new ArrayList<>();
  private final List<Side> sides = new ArrayList<>();
  private final List<List<Cell>> rows = new ArrayList<>();
  private boolean marks;

  /** Adds a column, with one line of its title in each string. All come before the first row. */
  public TextTable column(Side side, String... title) {
    titles.add(List.of(title));
    sides.add(side);
    return this;
  }

  /** Adds a column with a title of one line. */
  public TextTable column(String title, Side side) {
    return column(side, title);
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
    return text(colour, Integer.MAX_VALUE, 0);
  }

  /**
   * The table's lines, cut into several tables one below the other where it is too wide.
   *
   * @param width characters that a line may have; more only where a single column needs them
   * @param keys number of columns from the left that every one of these tables has
   */
  public String text(boolean colour, int width, int keys) {
    List<String> parts = new ArrayList<>();
    for (List<Integer> columns : parts(width, keys)) {
      parts.add(part(colour, columns));
    }
    return String.join("\n", parts);
  }

  private List<List<Integer>> parts(int width, int keys) {
    List<List<Integer>> parts = new ArrayList<>();
    List<Integer> part = new ArrayList<>();
    int used = 0;
    for (int column = 0; column < titles.size(); column++) {
      int needed = width(column) + signWidth(column);
      if (column >= keys && part.size() > keys && used + needed > width) {
        parts.add(part);
        part = new ArrayList<>(IntStream.range(0, keys).boxed().toList());
        used = IntStream.range(0, keys).map(key -> width(key) + GAP.length()).sum();
      }
      part.add(column);
      used += width(column) + GAP.length();
    }
    parts.add(part);
    return parts;
  }

  private String part(boolean colour, List<Integer> columns) {
    StringBuilder text = new StringBuilder();
    int height = columns.stream().mapToInt(column -> titles.get(column).size()).max().orElse(0);
    for (int line = 0; line < height; line++) {
      List<Cell> cells = new ArrayList<>();
      for (List<String> title : titles) {
        int own = line - (height - title.size());
        cells.add(new Cell(own < 0 ? "" : title.get(own), Mark.NONE));
      }
      appendRow(text, cells, columns, colour ? BOLD : "");
    }
    for (List<Cell> row : rows) {
      appendRow(text, row, columns, colour ? null : "");
    }
    return text.toString();
  }

  private int width(int column) {
    int width = titles.get(column).stream().mapToInt(String::length).max().orElse(0);
    for (List<Cell> row : rows) {
      if (column < row.size()) {
        width = Math.max(width, row.get(column).text().length());
      }
    }
    return width;
  }

  private int signWidth(int column) {
    return marks && sides.get(column) == Side.RIGHT ? 1 : 0;
  }

  /** Null for {@code style}: each cell by its mark. */
  private void appendRow(StringBuilder text, List<Cell> row, List<Integer> columns, String style) {
    StringBuilder line = new StringBuilder();
    for (int column : columns) {
      if (column >= row.size()) {
        break;
      }
      Cell cell = row.get(column);
      String on = style == null ? cell.mark().colour : style;
      String pad = " ".repeat(width(column) - cell.text().length());
      String body = on.isEmpty() || cell.text().isEmpty() ? cell.text() : on + cell.text() + PLAIN;
      line.append(sides.get(column) == Side.RIGHT ? pad + body : body + pad);
      int sign = signWidth(column);
      if (sign > 0) {
        line.append(cell.mark().sign);
      }
      line.append(GAP, sign, GAP.length());
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
