package dev.mixlaw.eval.law;

import dev.mixlaw.api.results.Interval;
import java.util.List;

/**
 * How low the objective can get with one parameter held, the others fitted: a flat one means that
 * the data leave the parameter open, whatever its interval says.
 *
 * @param parameter name
 * @param points in order of the parameter's value, the fit itself among them
 */
public record Profile(String parameter, List<Point> points) {
  public Profile {
    points = List.copyOf(points);
  }

  /**
   * One value held.
   *
   * @param objective lowest with it
   */
  public record Point(double value, double objective) {}

  /** Values, of those tried, whose objective is at most this share above the lowest. */
  public Interval within(double share) {
    double lowest = points.stream().mapToDouble(Point::objective).min().orElseThrow();
    double[] good =
        points.stream()
            .filter(p -> p.objective() <= (1 + share) * lowest)
            .mapToDouble(Point::value)
            .sorted()
            .toArray();
    return new Interval(good[0], good[good.length - 1]);
  }
}
