package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.io.DurableFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A finished SVG drawing of a {@link LawPlot}, {@link HeatMap} or {@link ForestPlot}, for use in an
 * {@link HtmlPage} or as a separate file. Its colors follow the light or dark mode of the viewer.
 */
public final class Drawing {
  /** Width in pixels above which phones scale a drawing down. */
  static final int PHONE = 372;

  /** How a drawing that is wider than the screen is shown. */
  enum Fit {
    /** The drawing is scaled down, but its text less than its other content. */
    SCALED,
    /** The drawing can be scrolled horizontally. */
    SCROLLED
  }

  private final Fit fit;
  private final String title;
  private final String description;
  private final int width;
  private final int height;
  private final String body;

  Drawing(Fit fit, String title, String description, int width, int height, Markup body) {
    this.fit = fit;
    this.title = title;
    this.description = description;
    this.width = width;
    this.height = height;
    this.body = body.toString();
  }

  /** Returns a complete SVG document that includes its own style sheet. */
  public String svg() {
    Markup own = new Markup();
    own.raw("<style>" + Markup.escape(Markup.drawingStyle()) + "</style>")
        .add("<rect class=\"paper\" width=\"%s\" height=\"%s\"/>", width, height);
    return svg(" xmlns=\"http://www.w3.org/2000/svg\"", own.toString()) + "\n";
  }

  /** Returns an SVG element that uses the style sheet of the page. */
  String inline() {
    return svg("", "");
  }

  private String svg(String attribute, String before) {
    return new Markup()
        .raw("<svg" + attribute)
        .add(
            " class=\"drawing%s\" role=\"img\" viewBox=\"0 0 %s %s\" width=\"%s\" height=\"%s\"><title>%s</title><desc>%s</desc>",
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
   * Writes the document to a file atomically, and creates its directory if necessary.
   *
   * @throws dev.mixlaw.api.MixlawException of kind STORAGE if the file cannot be written
   */
  public void write(Path file) {
    DurableFile.write(file, svg().getBytes(StandardCharsets.UTF_8));
  }
}
