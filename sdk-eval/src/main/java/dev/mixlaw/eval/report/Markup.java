package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.Names;
import java.util.Locale;

/** A builder of HTML and SVG that escapes text and refuses numbers that are not finite. */
final class Markup {
  private final StringBuilder out = new StringBuilder();

  /** Appends markup without escaping. */
  Markup raw(String markup) {
    out.append(markup);
    return this;
  }

  /** Appends markup with its {@code %s} escaped; numbers are passed as text by {@link #num}. */
  Markup add(String markup, Object... values) {
    Object[] escaped = new Object[values.length];
    for (int i = 0; i < values.length; i++) {
      escaped[i] = escape(String.valueOf(values[i]));
    }
    out.append(String.format(Locale.ROOT, markup, escaped));
    return this;
  }

  /** Formats a coordinate to a tenth of a pixel. */
  static String num(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("coordinate: " + value + "; expected a finite number");
    }
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /** Formats a share to a hundredth. */
  static String part(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  /** Escapes a text for HTML and XML, in which some characters are not allowed at all. */
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
