package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.Texts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Draws a labeled matrix of numbers, in which larger numbers have a deeper tint.
 *
 * <pre>{@code
 * HeatMap.of("Shared 13-grams", names, names).unit("%").cell("web", "wiki", 3.1).drawing().write(file);
 * }</pre>
 *
 * <p>An empty cell shows a dash. A heat map is not thread-safe.
 */
public final class HeatMap {
  private static final int CELL = 76;
  private static final int ROW = 30;
  private static final int NOTED_ROW = 44;
  private static final int HEADER = 30;
  private static final int LETTER = 8;

  /** Deepest tint on which text is readable in both light and dark mode. */
  private static final double DEEPEST = 0.5;

  private final String title;
  private final List<String> rows;
  private final List<String> columns;
  private final Map<List<String>, Cell> cells = new LinkedHashMap<>();
  private String unit = "";
  private String rowsAre = "";
  private String columnsAre = "";
  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;

  private record Cell(double value, String text, String note) {}

  private HeatMap(String title, List<String> rows, List<String> columns) {
    this.title = Objects.requireNonNull(title, "title");
    this.rows = List.copyOf(rows);
    this.columns = List.copyOf(columns);
  }

  /** Creates an empty heat map. */
  public static HeatMap of(String title, List<String> rows, List<String> columns) {
    return new HeatMap(title, rows, columns);
  }

  static <I, T extends Comparable<T>> List<String> labels(List<I> items, Function<I, T> part) {
    return items.stream().map(part).distinct().sorted().map(String::valueOf).distinct().toList();
  }

  /** Sets the unit of all numbers, which is shown next to the scale. Default: none. */
  public HeatMap unit(String newUnit) {
    unit = Objects.requireNonNull(newUnit, "newUnit");
    return this;
  }

  /** Sets the titles of rows and columns, such as {@code N} and {@code D}. Default: none. */
  public HeatMap axes(String newRowsAre, String newColumnsAre) {
    rowsAre = Objects.requireNonNull(newRowsAre, "newRowsAre");
    columnsAre = Objects.requireNonNull(newColumnsAre, "newColumnsAre");
    return this;
  }

  /**
   * Sets the numbers at which the tint is palest and deepest. Default: the range of the numbers.
   */
  public HeatMap range(double from, double to) {
    least = Math.min(least, from);
    most = Math.max(most, to);
    return this;
  }

  /** Sets the number of a cell, which is shown with three significant digits. */
  public HeatMap cell(String row, String column, double value) {
    return cell(row, column, value, Numbers.short3(value), "");
  }

  /**
   * Sets the number of a cell and the text that represents it.
   *
   * @param value finite number that determines the tint
   * @param text text shown in the cell
   * @param note smaller second line of text, such as an interval; may be empty
   * @throws IllegalArgumentException if there is no such row or column, or if the value is not
   *     finite
   */
  public HeatMap cell(String row, String column, double value, String text, String note) {
    if (!rows.contains(row) || !columns.contains(column) || !Double.isFinite(value)) {
      throw new IllegalArgumentException(
          Texts.format(
              "cell %s, %s with value %s; expected one of the rows %s, one of the columns %s and a finite value",
              row, column, value, rows, columns));
    }
    cells.put(List.of(row, column), new Cell(value, text, note));
    return range(value, value);
  }

  /** Returns the drawing, which can be added to a page or written to a file. */
  public Drawing drawing() {
    int left = LETTER * longest(rows, rowsAre) + 14;
    List<String> notes = cells.values().stream().map(Cell::note).toList();
    int wide = Math.max(CELL, LETTER * Math.max(longest(columns, ""), longest(notes, "")) + 12);
    boolean noted = cells.values().stream().anyMatch(c -> !c.note().isEmpty());
    int tall = noted ? NOTED_ROW : ROW;
    int top = columnsAre.isEmpty() ? HEADER : HEADER + 22;
    int width = Math.max(left + wide * columns.size(), left + 3 * CELL) + 2;
    int end = top + tall * rows.size();
    Markup out = new Markup();
    header(out, left, wide, top);
    for (int r = 0; r < rows.size(); r++) {
      out.text("", left - 8, top + r * tall + tall / 2 + 4, "end", rows.get(r));
      for (int c = 0; c < columns.size(); c++) {
        Cell cell = cells.get(List.of(rows.get(r), columns.get(c)));
        int x = left + c * wide;
        int y = top + r * tall;
        if (cell == null) {
          box(out, "missing", 1, x, y, wide, tall);
          out.text("soft", x + wide / 2, y + tall / 2 + 4, "middle", "–");
        } else {
          box(out, "heat", tint(cell.value()), x, y, wide, tall);
          int up = cell.note().isEmpty() ? 4 : -3;
          out.text("strong", x + wide / 2, y + tall / 2 + up, "middle", cell.text());
          out.text("", x + wide / 2, y + tall / 2 + 15, "middle", cell.note());
        }
      }
    }
    scale(out, left, end + 14);
    return new Drawing(Drawing.Fit.SCROLLED, title, description(), width, end + 40, out);
  }

  private static int longest(List<String> labels, String other) {
    return Math.max(labels.stream().mapToInt(String::length).max().orElse(0), other.length());
  }

  private double tint(double value) {
    return most > least ? 0.06 + (DEEPEST - 0.06) * (value - least) / (most - least) : 0.2;
  }

  private void header(Markup out, int left, int wide, int top) {
    out.text("soft", left + wide * columns.size() / 2, 16, "middle", columnsAre);
    out.text("soft", left - 8, top - 10, "end", rowsAre);
    for (int c = 0; c < columns.size(); c++) {
      out.text("", left + c * wide + wide / 2, top - 10, "middle", columns.get(c));
    }
  }

  private static void box(Markup out, String kind, double tint, int x, int y, int wide, int tall) {
    out.add(
        "<rect class=\"%s\" fill-opacity=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"2\"/>",
        kind, Markup.part(tint), x + 1, y + 1, wide - 2, tall - 2);
  }

  private void scale(Markup out, int left, int y) {
    if (cells.isEmpty() || least == most) {
      return;
    }
    int steps = 8;
    out.text("soft", left - 8, y + 12, "end", Numbers.plain(least));
    for (int i = 0; i < steps; i++) {
      box(out, "heat", tint(least + (most - least) * i / (steps - 1)), left + 12 * i, y, 14, 16);
    }
    String end = (Numbers.plain(most) + " " + unit).strip();
    out.text("soft", left + 12 * steps + 8, y + 12, "start", end);
  }

  private String description() {
    List<String> all = new ArrayList<>();
    cells.forEach(
        (place, c) -> {
          String note = c.note().isEmpty() ? "" : " (" + c.note() + ")";
          all.add(Texts.format("%s, %s: %s%s", place.get(0), place.get(1), c.text(), note));
        });
    return String.join("; ", all) + ".";
  }
}
