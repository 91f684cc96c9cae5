package dev.mixlaw.eval.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table of an {@link HtmlPage}.
 *
 * <pre>{@code
 * new HtmlTable().words("corpus").number("tokens").text("licence").row("web", "1.2M", "CC0");
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public final class HtmlTable {
  private final List<String> headings = new ArrayList<>();
  private final List<String> kinds = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a left-aligned column of names. */
  public HtmlTable words(String heading) {
    return column(heading, " class=\"words\"");
  }

  /** Adds a right-aligned column of numbers. */
  public HtmlTable number(String heading) {
    return column(heading, "");
  }

  /** Adds a left-aligned column of sentences that wrap. */
  public HtmlTable text(String heading) {
    return column(heading, " class=\"long\"");
  }

  private HtmlTable column(String heading, String kind) {
    headings.add(heading);
    kinds.add(kind);
    return this;
  }

  /**
   * Adds a row. Text after a line break in a cell is smaller.
   *
   * @throws IllegalArgumentException if the number of cells is not the number of columns
   */
  public HtmlTable row(Object... cells) {
    if (cells.length != headings.size()) {
      throw new IllegalArgumentException(
          "row of a table: " + cells.length + " cells; expected one for each of " + headings);
    }
    rows.add(Arrays.stream(cells).map(String::valueOf).toList());
    return this;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  String html() {
    Markup out = new Markup();
    out.raw("<div class=\"scroll\"><table><thead><tr>");
    line(out, "th", headings);
    out.raw("</tr></thead><tbody>");
    for (List<String> row : rows) {
      out.raw("<tr>");
      line(out, "td", row);
      out.raw("</tr>");
    }
    return out.raw("</tbody></table></div>").toString();
  }

  private void line(Markup out, String tag, List<String> cells) {
    for (int i = 0; i < cells.size(); i++) {
      String[] lines = cells.get(i).split("\n", 2);
      out.raw("<" + tag + kinds.get(i) + ">").add("%s", lines[0]);
      if (lines.length > 1) {
        out.add("<br/><small>%s</small>", lines[1]);
      }
      out.raw("</" + tag + ">");
    }
  }
}
