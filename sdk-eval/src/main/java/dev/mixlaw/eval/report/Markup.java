package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.Names;
import java.util.Arrays;
import java.util.Locale;

/** A builder of HTML and SVG that escapes text and refuses numbers that are not finite. */
final class Markup {
  private final StringBuilder out = new StringBuilder();

  /** Appends markup without escaping. */
  Markup raw(String markup) {
    out.append(markup);
    return this;
  }

  /**
   * Appends markup with its {@code %s} replaced by escaped values. A {@code Double} is a
   * coordinate, formatted by {@link #num}.
   */
  Markup add(String markup, Object... values) {
    Object[] escaped =
        Arrays.stream(values)
            .map(v -> v instanceof Double d ? num(d) : escape(String.valueOf(v)))
            .toArray();
    out.append(String.format(Locale.ROOT, markup, escaped));
    return this;
  }

  /** Appends a straight line with a CSS class and coordinates in pixels. */
  Markup line(String kind, Number x1, Number y1, Number x2, Number y2) {
    return add(
        "<line class=\"%s\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>", kind, x1, x2, y1, y2);
  }

  /**
   * Appends text with a CSS class, unless it is empty.
   *
   * @param anchor which part of the text is at x: {@code start}, {@code middle} or {@code end}
   */
  Markup text(String kind, Number x, Number y, String anchor, Object text) {
    return String.valueOf(text).isEmpty()
        ? this
        : add(
            "<text class=\"%s\" x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>",
            kind, x, y, anchor, text);
  }

  /** Formats a coordinate to a tenth of a pixel. */
  static String num(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("coordinate: " + value + "; expected a finite number");
    }
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /** Formats a share with two decimals. */
  static String part(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  /** Escapes text for HTML and XML, and replaces characters that XML does not allow. */
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
}
