package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.Names;
import dev.mixlaw.api.internal.Texts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A builder of HTML and SVG that escapes text and rejects numbers that are not finite. */
final class Markup {
  private final StringBuilder out = new StringBuilder();

  /** Appends markup without escaping. */
  Markup raw(String markup) {
    out.append(markup);
    return this;
  }

  /**
   * Appends markup after replacing each {@code %s} by an escaped value. A {@code Double} is a
   * coordinate, which {@link #num} formats.
   */
  Markup add(String markup, Object... values) {
    Object[] escaped =
        Arrays.stream(values)
            .map(v -> v instanceof Double d ? num(d) : escape(String.valueOf(v)))
            .toArray();
    out.append(Texts.format(markup, escaped));
    return this;
  }

  /**
   * Appends a straight line; coordinates are in pixels.
   *
   * @param kind CSS class
   */
  Markup line(String kind, Number x1, Number y1, Number x2, Number y2) {
    return add(
        "<line class=\"%s\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>", kind, x1, x2, y1, y2);
  }

  /**
   * Appends text, unless it is empty.
   *
   * @param kind CSS class
   * @param anchor which part of the text is at x: {@code start}, {@code middle} or {@code end}
   */
  Markup text(String kind, Number x, Number y, String anchor, Object text) {
    return String.valueOf(text).isEmpty()
        ? this
        : add(
            "<text class=\"%s\" x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>",
            kind, x, y, anchor, text);
  }

  /** Formats a coordinate with a precision of 0.1 pixels. */
  static String num(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("coordinate: " + value + "; expected a finite number");
    }
    return Texts.format("%.1f", value);
  }

  static String part(double value) {
    return Texts.format("%.2f", value);
  }

  /** Escapes text for HTML and XML, and replaces characters that are not valid in XML. */
  static String escape(String text) {
    return Names.printable(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  @Override
  public String toString() {
    return out.toString();
  }

  // Lines have the colors of Okabe and Ito (2008), which color-blind readers can distinguish.

  /** SVG attributes of a filled marker, for ordinary values. */
  static final String FILLED = "fill=\"currentColor\" stroke=\"none\"";

  /** SVG attributes of a hollow marker, for values that were held out of the fit. */
  static final String HOLLOW = "fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"";

  private static final int COLOURS = 7;
  private static final int MARKERS = 5;

  /** Returns the CSS class that sets {@code currentColor} to the color of a line. */
  static String colour(int series) {
    return "s" + series % COLOURS;
  }

  static String marker(int series, double x, double y, String style) {
    double r = 4;
    return switch (series % MARKERS) {
      case 0 -> new Markup().add("<circle cx=\"%s\" cy=\"%s\" r=\"%s\" ", x, y, r) + style + "/>";
      case 1 -> polygon(style, x - r, y - r, x + r, y - r, x + r, y + r, x - r, y + r);
      case 2 -> polygon(style, x, y - r - 1, x + r + 1, y + r, x - r - 1, y + r);
      case 3 -> polygon(style, x, y - r - 1.5, x + r + 1.5, y, x, y + r + 1.5, x - r - 1.5, y);
      default -> polygon(style, x - r - 1, y - r, x + r + 1, y - r, x, y + r + 1);
    };
  }

  private static String polygon(String style, double... points) {
    String path =
        IntStream.range(0, points.length / 2)
            .mapToObj(i -> num(points[2 * i]) + "," + num(points[2 * i + 1]))
            .collect(Collectors.joining(" "));
    return "<polygon points=\"" + path + "\" " + style + "/>";
  }

  /** Returns the SVG symbol of a legend entry, 26 pixels wide and 14 pixels high. */
  static String key(int series) {
    return "<line x1=\"1\" x2=\"25\" y1=\"7\" y2=\"7\" stroke=\"currentColor\" stroke-width=\"2\"/>"
        + marker(series, 13, 7, FILLED);
  }

  static String pageStyle() {
    return read("page.css") + drawingStyle();
  }

  static String drawingStyle() {
    return read("drawing.css");
  }

  private static String read(String name) {
    try (InputStream in = Markup.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the jar of mixlaw-eval");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
