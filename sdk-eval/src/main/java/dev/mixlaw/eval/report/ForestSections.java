package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Speedup;
import java.util.List;

/** Every mixture at a glance: its difference to the baseline, and its speed-up. */
final class ForestSections {
  private ForestSections() {}

  static void glance(HtmlPage page, FindingsIndex grid) {
    grid.largest()
        .ifPresent(
            at -> {
              differences(page, grid, at);
              speedups(page, grid, at);
            });
  }

  private static void differences(HtmlPage page, FindingsIndex grid, FindingsIndex.Place at) {
    List<String> mixtures =
        grid.others().stream()
            .filter(m -> grid.comparison(m, at.model(), at.budget(), FittedLaw.MACRO).isPresent())
            .toList();
    if (mixtures.isEmpty()) {
      return;
    }
    ForestPlot plot =
        ForestPlot.differences(
            "loss against " + grid.baseline() + ", " + at, grid.unit() + ", below 0 is better");
    mixtures.forEach(
        m ->
            plot.row(
                m,
                grid.comparison(m, at.model(), at.budget(), FittedLaw.MACRO)
                    .orElseThrow()
                    .difference()));
    page.figure(
        "Loss less that of " + grid.baseline() + ", mean of domains, " + at, plot.drawing());
    SeedSpread.of(grid.findings()).said(grid.unit()).ifPresent(page::paragraph);
  }

  private static void speedups(HtmlPage page, FindingsIndex grid, FindingsIndex.Place at) {
    List<Speedup> all =
        grid.findings().speedups().stream()
            .filter(
                s -> s.domain().equals(FittedLaw.MACRO) && grid.isAt(s.params(), s.tokens(), at))
            .toList();
    if (all.isEmpty()) {
      return;
    }
    ForestPlot plot =
        ForestPlot.ratios(
            "speed-up over " + grid.baseline() + ", " + at,
            "times sooner in tokens, above 1 is better");
    for (Speedup s : all) {
      row(plot, s.mixture(), "fitted", s.fitted());
      row(plot, "", "measured", s.measured());
    }
    page.figure("Speed-up over " + grid.baseline() + ", " + at, plot.drawing());
  }

  private static void row(
      ForestPlot plot, String name, String basis, Answer<Speedup.Ratio> answer) {
    Speedup.Ratio ratio = answer.toOptional().orElse(null);
    if (ratio instanceof Speedup.Ratio.Times t) {
      plot.row(name, basis, Estimate.of(t.value(), t.low(), t.high()));
    } else if (ratio instanceof Speedup.Ratio.Never never) {
      plot.row(name, basis + " never, say " + Numbers.percent(never.resamples()) + " of resamples");
    } else {
      plot.row(name, basis + ": refused");
    }
  }
}
