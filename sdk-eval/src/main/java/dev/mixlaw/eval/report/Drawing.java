package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.io.DurableFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A finished SVG drawing of a {@link LawPlot}, {@link HeatMap} or {@link ForestPlot}, for an {@link
 * HtmlPage} or a separate file. It follows the light or dark mode of the reader.
 */
public final class Drawing {
  /** Width in pixels above which a drawing is scaled down on a phone. */
  static final int PHONE = 372;

  /** How to show a drawing that is wider than the screen. */
  enum Fit {
    /** Scaled down, with text that is scaled down less than the rest. */
    SCALED,
    /** Scrolled horizontally. */
    SCROLLED
  }

  private final Fit fit;
  private final String title;
  private final String description;
  private final int width;
  private final int height;
  private final String body;

  /**
   * Creates a drawing.
   *
   * @param title title that screen readers read out
   * @param description description of the content in words
   * @param body content of the SVG, with coordinates in pixels
   */
  Drawing(Fit fit, String title, String description, int width, int height, Markup body) {
    this.fit = fit;
    this.title = title;
    this.description = description;
    this.width = width;
    this.height = height;
    this.body = body.toString();
  }

  /** Returns a complete SVG document with its own style. */
  public String svg() {
    Markup own = new Markup();
    own.raw("<style>" + Markup.escape(Stylesheet.drawing()) + "</style>")
        .add("<rect class=\"paper\" width=\"%s\" height=\"%s\"/>", width, height);
    return svg(" xmlns=\"http://www.w3.org/2000/svg\"", own.toString()) + "\n";
  }

  /** Returns an SVG element for a page, with the style of the page. */
  String inline() {
    return svg("", "");
  }

  private String svg(String attribute, String before) {
    return new Markup()
        .raw("<svg" + attribute)
        .add(
            " class=\"drawing%s\" role=\"img\" viewBox=\"0 0 %s %s\" width=\"%s\""
                + " height=\"%s\"><title>%s</title><desc>%s</desc>",
            fit == Fit.SCROLLED ? " fixed" : width > PHONE ? " wide" : "",
            width,
            height,
            width,
            height,
            title,
            description)
        .raw(before)
        .raw(body)
        .raw("</svg>")
        .toString();
  }

  /**
   * Writes the document to a file atomically, and creates the directory of the file if it is
   * missing.
   *
   * @throws dev.mixlaw.api.MixlawException of kind STORAGE if the file cannot be written
   */
  public void write(Path file) {
    DurableFile.write(file, svg().getBytes(StandardCharsets.UTF_8));
  }
}
