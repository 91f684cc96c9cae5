package dev.mixlaw.eval.report;

/** Colours that the colour-blind tell apart (Okabe and Ito 2008), each with a marker of its own. */
final class Palette {
  private static final int COLOURS = 7;
  private static final int MARKERS = 5;

  private Palette() {}

  /** CSS variable of a series. */
  static String colour(int series) {
    return "var(--s" + series % COLOURS + ")";
  }

  /** A marker about a point, as SVG. */
  static String marker(int series, double x, double y) {
    String fill = " fill=\"" + colour(series) + "\"";
    double r = 4;
    return switch (series % MARKERS) {
      case 0 ->
          "<circle cx=\""
              + Markup.num(x)
              + "\" cy=\""
              + Markup.num(y)
              + "\" r=\""
              + Markup.num(r)
              + "\""
              + fill
              + "/>";
      case 1 -> polygon(fill, x - r, y - r, x + r, y - r, x + r, y + r, x - r, y + r);
      case 2 -> polygon(fill, x, y - r - 1, x + r + 1, y + r, x - r - 1, y + r);
      case 3 -> polygon(fill, x, y - r - 1.5, x + r + 1.5, y, x, y + r + 1.5, x - r - 1.5, y);
      default -> polygon(fill, x - r - 1, y - r, x + r + 1, y - r, x, y + r + 1);
    };
  }

  private static String polygon(String fill, double... points) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < points.length; i += 2) {
      path.append(Markup.num(points[i])).append(',').append(Markup.num(points[i + 1])).append(' ');
    }
    return "<polygon points=\"" + path.toString().strip() + "\"" + fill + "/>";
  }

  /** A legend's entry: the marker in a box of its own. */
  static String key(int series) {
    return "<svg class=\"key\" width=\"26\" height=\"14\" viewBox=\"0 0 26 14\" aria-hidden=\"true\"><line x1=\"1\" x2=\"25\" y1=\"7\" y2=\"7\" stroke=\""
        + colour(series)
        + "\" stroke-width=\"2\"/>"
        + marker(series, 13, 7)
        + "</svg>";
  }
}
