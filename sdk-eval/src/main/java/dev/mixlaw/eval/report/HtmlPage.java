package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.io.DurableFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A self-contained HTML page in the style of the report. It supports light and dark mode, phones
 * and print.
 *
 * <pre>{@code
 * HtmlPage.titled("Corpora compared")
 *     .lead("Shares are of tokens.")
 *     .answer(List.of("web and wiki share 3 % of their 13-grams."))
 *     .section("Overlap").figure("of the row in the column", overlap.drawing())
 *     .section("Sizes").table(sizes)
 *     .write(Path.of("corpora.html"));
 * }</pre>
 *
 * <p>All text is escaped. A page is not thread-safe.
 */
public final class HtmlPage {
  private final String title;
  private final Markup head = new Markup();
  private final Markup body = new Markup();
  private final Map<String, String> sections = new LinkedHashMap<>();
  private boolean figures;

  private HtmlPage(String title) {
    this.title = Objects.requireNonNull(title, "title");
  }

  /** Creates an empty page. */
  public static HtmlPage titled(String title) {
    return new HtmlPage(title);
  }

  /** Adds a paragraph under the title, before the list of sections. */
  public HtmlPage lead(String text) {
    head.add("<p class=\"soft\">%s</p>", text);
    return this;
  }

  /** Adds the main results as a list of sentences in a box. */
  public HtmlPage answer(List<String> sentences) {
    return rawOf("<div class=\"answer\">" + list(sentences) + "</div>");
  }

  /** Starts a section and adds a link to the list of sections. */
  public HtmlPage section(String heading) {
    return section("section-" + (sections.size() + 1), heading);
  }

  HtmlPage section(String id, String heading) {
    sections.put(id, heading);
    endFigures();
    body.add("<h2 id=\"%s\">%s</h2>", id, heading);
    return this;
  }

  /** Adds a heading within the current section. */
  public HtmlPage heading(String text) {
    endFigures();
    body.add("<h3>%s</h3>", text);
    return this;
  }

  /** Adds a paragraph. */
  public HtmlPage paragraph(String text) {
    endFigures();
    body.add("<p>%s</p>", text);
    return this;
  }

  /** Adds a list of sentences. */
  public HtmlPage items(List<String> sentences) {
    return rawOf(list(sentences));
  }

  /**
   * Adds a collapsible list of sentences, unless the list is empty.
   *
   * @param line text that shows or hides the list on a click
   */
  HtmlPage foldedItems(String line, List<String> sentences, boolean shown) {
    return sentences.isEmpty() ? this : details(line, list(sentences), shown);
  }

  /** Adds a table, unless it is empty. */
  public HtmlPage table(HtmlTable<?> table) {
    return rawOf(table.isEmpty() ? "" : table.html());
  }

  /** Adds a table, unless it is empty. A click on the line shows or hides the table. */
  public HtmlPage folded(String line, HtmlTable<?> table) {
    return table.isEmpty() ? this : details(line, table.html(), false);
  }

  private HtmlPage details(String line, String content, boolean shown) {
    String tag = shown ? "<details open=\"open\">" : "<details>";
    Markup summary = new Markup().add("<summary>%s</summary>", line);
    return rawOf(tag + summary + content + "</details>");
  }

  /** Adds a drawing. Successive drawings are placed side by side if there is room. */
  public HtmlPage figure(String caption, Drawing drawing) {
    if (!figures) {
      body.raw("<div class=\"charts\">");
      figures = true;
    }
    body.add("<figure><figcaption>%s</figcaption>", caption).raw(drawing.inline()).raw("</figure>");
    return this;
  }

  /** Adds a legend of names with their colors and markers, in the order of their indices. */
  HtmlPage legend(List<String> names) {
    Markup out = new Markup().raw("<ul class=\"legend\">");
    for (int i = 0; i < names.size(); i++) {
      out.add("<li><svg class=\"key %s\"", Markup.colour(i))
          .raw(" width=\"26\" height=\"14\" viewBox=\"0 0 26 14\" aria-hidden=\"true\">")
          .raw(Markup.key(i))
          .add("</svg>%s</li>", names.get(i));
    }
    return rawOf(out.raw("</ul>").toString());
  }

  /** Adds markup without escaping. */
  HtmlPage rawOf(String markup) {
    endFigures();
    body.raw(markup);
    return this;
  }

  private void endFigures() {
    if (figures) {
      body.raw("</div>");
      figures = false;
    }
  }

  private static String list(List<String> sentences) {
    Markup out = new Markup().raw("<ul>");
    sentences.forEach(s -> out.add("<li>%s</li>", s));
    return out.raw("</ul>").toString();
  }

  /** Returns the whole document. */
  public String html() {
    Markup page = new Markup();
    page.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>");
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
    page.add("<title>%s</title>", title).raw("<style>" + Markup.pageStyle() + "</style></head>");
    page.raw("<body><main>").add("<h1>%s</h1>", title).raw(head.toString());
    if (sections.size() > 1) {
      page.raw("<nav>");
      sections.forEach((id, link) -> page.add("<a href=\"#%s\">%s</a>", id, link));
      page.raw("</nav>");
    }
    return page.raw(body.toString())
        .raw(figures ? "</div>" : "")
        .raw("</main></body></html>\n")
        .toString();
  }

  /**
   * Writes the page atomically, and creates the directory of the file if it is missing.
   *
   * @throws dev.mixlaw.api.MixlawException of kind STORAGE if the file cannot be written
   */
  public void write(Path file) {
    DurableFile.write(file, html().getBytes(StandardCharsets.UTF_8));
  }
}
