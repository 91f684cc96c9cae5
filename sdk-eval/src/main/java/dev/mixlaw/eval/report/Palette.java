package dev.mixlaw.eval.report;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The markers, and the colors of Okabe and Ito (2008), which color-blind readers can distinguish.
 */
final class Palette {
  /** SVG attributes of a filled marker, for ordinary values. */
  static final String FILLED = "fill=\"currentColor\" stroke=\"none\"";

  /** SVG attributes of a hollow marker, for values that were held out of the fit. */
  static final String HOLLOW = "fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"";

  private static final int COLOURS = 7;
  private static final int MARKERS = 5;

  private Palette() {}

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
            .mapToObj(i -> Markup.num(points[2 * i]) + "," + Markup.num(points[2 * i + 1]))
            .collect(Collectors.joining(" "));
    return "<polygon points=\"" + path + "\" " + style + "/>";
  }

  /** Returns the SVG symbol of a legend entry, 26 pixels wide and 14 pixels high. */
  static String key(int series) {
    return "<line x1=\"1\" x2=\"25\" y1=\"7\" y2=\"7\" stroke=\"currentColor\" stroke-width=\"2\"/>"
        + marker(series, 13, 7, FILLED);
  }
}
