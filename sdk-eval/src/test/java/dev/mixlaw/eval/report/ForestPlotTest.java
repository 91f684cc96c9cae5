package dev.mixlaw.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.results.Estimate;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ForestPlotTest {
  @Test
  void whatIsDecidedIsColouredByWhichIsBetter() throws Exception {
    String losses =
        ForestPlot.differences("losses", "nats per token")
            .row("better", Estimate.of(-0.2, -0.3, -0.1))
            .row("open", Estimate.of(-0.2, -0.5, 0.1))
            .row("worse", Estimate.of(0.2, 0.1, 0.3))
            .drawing()
            .svg();
    String ratios =
        ForestPlot.ratios("speed-ups", "times")
            .row("better", "fitted", Estimate.of(2, 1.5, 3))
            .row("", "measured", Estimate.of(0.8, 0.6, 0.9))
            .row("worst", "never")
            .drawing()
            .svg();

    SvgCheck.finiteAndInside(SvgCheck.parse(losses).getDocumentElement());
    assertThat(losses)
        .containsSubsequence(
            "−0.20 (−0.30 to −0.10)",
            "class=\"s1\"",
            "open",
            "class=\"open\"",
            "worse",
            "class=\"s4\"");
    SvgCheck.finiteAndInside(SvgCheck.parse(ratios).getDocumentElement());
    assertThat(ratios)
        .containsSubsequence(
            "fitted 2.0×", "class=\"s1\"", "measured 0.80×", "class=\"s4\"", "never");
  }

  @Test
  void anIntervalWithoutAnEndIsCutWithAnArrow() throws Exception {
    Document svg =
        SvgCheck.parse(
            ForestPlot.ratios("speed-ups", "times")
                .row("a", Estimate.of(1.2, 0, 3.2))
                .row("b", Estimate.of(1.1, 0.9, Double.POSITIVE_INFINITY))
                .drawing()
                .svg());

    SvgCheck.finiteAndInside(svg.getDocumentElement());
    NodeList paths = svg.getElementsByTagName("path");
    assertThat(paths.getLength()).isEqualTo(2);
    assertThat(((Element) paths.item(0)).getAttribute("d")).startsWith("M241.0");
  }

  @Test
  void noRowAndNoDifferenceHaveADrawing() throws Exception {
    SvgCheck.finiteAndInside(
        SvgCheck.parse(ForestPlot.differences("none", "nats").drawing().svg())
            .getDocumentElement());
    SvgCheck.finiteAndInside(
        SvgCheck.parse(
                ForestPlot.ratios("same", "times").row("a", Estimate.of(1, 1, 1)).drawing().svg())
            .getDocumentElement());
  }
}
