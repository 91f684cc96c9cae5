package dev.mixlaw.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.results.Estimate;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChartTest {
  private static final Pattern CIRCLE = Pattern.compile("<circle cx=\"([\\d.]+)\"");

  @Test
  void intervalsOfSpreadLinesDoNotOverlap() {
    List<Double> together = positions(chart());
    List<Double> spread = positions(chart().spread());

    assertThat(together.stream().distinct()).hasSize(1);
    assertThat(spread).isSorted().doesNotHaveDuplicates().hasSize(3);
    assertThat(spread.get(1)).as("the middle line stays in its place").isEqualTo(together.get(0));
  }

  private static Chart chart() {
    List<Chart.Point> points = List.of(Chart.Point.of(1e6, Estimate.of(3, 2.9, 3.1)));
    return new Chart(
        "title",
        Chart.AxisStyle.logarithmic("tokens"),
        Chart.AxisStyle.linear("loss"),
        IntStream.range(0, 3).mapToObj(i -> Chart.Line.measured("line" + i, 0, points)).toList());
  }

  private static List<Double> positions(Chart chart) {
    return CIRCLE
        .matcher(chart.drawing().svg())
        .results()
        .map(r -> Double.valueOf(r.group(1)))
        .toList();
  }
}
