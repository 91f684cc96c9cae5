package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.Names;
import java.util.Arrays;
import java.util.Locale;

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
    out.append(String.format(Locale.ROOT, markup, escaped));
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
    return String.format(Locale.ROOT, "%.1f", value);
  }

  static String part(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
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
}
