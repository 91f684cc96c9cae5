package dev.mixlaw.eval.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A table for an {@link HtmlPage}. Each row shows one item.
 *
 * <pre>{@code
 * HtmlTable.of(corpora)
 *     .words("corpus", TextFacts::name)
 *     .number("tokens", TextFacts::tokens);
 * }</pre>
 *
 * <p>In a cell, text after a line break is smaller, and an empty {@link Optional} is shown as a
 * dash. A table is not thread-safe.
 *
 * @param <T> type of the items
 */
public final class HtmlTable<T> {
  private final List<T> items;
  private final List<Column<T>> columns = new ArrayList<>();

  /**
   * A cell with a background color.
   *
   * @param kind CSS class
   * @param style CSS declarations, such as {@code background:red}
   */
  record Shaded(String kind, String style, Object content) {
    @Override
    public String toString() {
      return content.toString();
    }
  }

  private record Column<T>(String heading, String kind, Function<? super T, ?> cell) {}

  private HtmlTable(Collection<? extends T> items) {
    this.items = List.copyOf(items);
  }

  /** Creates a table without columns. */
  public static <T> HtmlTable<T> of(Collection<? extends T> items) {
    return new HtmlTable<>(items);
  }

  /** Adds a left-aligned column of names. */
  public HtmlTable<T> words(String heading, Function<? super T, ?> cell) {
    return column(heading, " class=\"words\"", cell);
  }

  /** Adds a right-aligned column of numbers. */
  public HtmlTable<T> number(String heading, Function<? super T, ?> cell) {
    return column(heading, "", cell);
  }

  /** Adds a left-aligned column of sentences, which wrap. */
  public HtmlTable<T> text(String heading, Function<? super T, ?> cell) {
    return column(heading, " class=\"long\"", cell);
  }

  private HtmlTable<T> column(String heading, String kind, Function<? super T, ?> cell) {
    columns.add(
        new Column<>(Objects.requireNonNull(heading), kind, Objects.requireNonNull(cell, "cell")));
    return this;
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  String html() {
    Markup out = new Markup();
    out.raw("<div class=\"scroll\"><table><thead><tr>");
    columns.forEach(c -> cell(out, "th", c.kind(), c.heading()));
    out.raw("</tr></thead><tbody>");
    for (T item : items) {
      out.raw("<tr>");
      columns.forEach(c -> cell(out, "td", c.kind(), c.cell().apply(item)));
      out.raw("</tr>");
    }
    return out.raw("</tbody></table></div>").toString();
  }

  private static void cell(Markup out, String tag, String kind, Object content) {
    Object shown =
        content instanceof Optional<?> o ? o.map(Object.class::cast).orElse("–") : content;
    String[] lines = shown.toString().split("\n", 2);
    if (shown instanceof Shaded s) {
      out.add("<%s class=\"%s\" style=\"%s\">", tag, s.kind(), s.style());
    } else {
      out.raw("<" + tag + kind + ">");
    }
    out.add("%s", lines[0]);
    if (lines.length > 1) {
      out.add("<br/><small>%s</small>", lines[1]);
    }
    out.raw("</" + tag + ">");
  }
}
