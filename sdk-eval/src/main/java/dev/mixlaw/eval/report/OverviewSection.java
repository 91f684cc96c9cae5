package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Speedup;
import dev.mixlaw.eval.report.FindingsIndex.GridPoint;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

final class OverviewSection {
  private OverviewSection() {}

  static void write(HtmlPage page, FindingsIndex index) {
    primary(page, index);
    index
        .largest()
        .ifPresent(
            at -> {
              byBudget(page, index, at);
              differences(page, index, at);
              speedups(page, index, at);
            });
  }

  private static void primary(HtmlPage page, FindingsIndex index) {
    List<Comparison> all = index.findings().primary();
    if (all.isEmpty()) {
      return;
    }
    HtmlTable<Comparison> table =
        HtmlTable.of(all)
            .words("mixture", Comparison::mixture)
            .words("against", Comparison::baseline)
            .words("model", Comparison::model)
            .words("D", Comparison::budget)
            .words("domain", c -> FindingsIndex.domainName(c.domain()));
    ComparisonTable.with(table, index.unit(), c -> c);
    page.heading("Primary questions, named before the run").table(table);
    page.paragraph(
        "The p-values of the primary questions are adjusted together. Everything below is"
            + " exploratory: it suggests what to test next.");
  }

  private static void byBudget(HtmlPage page, FindingsIndex index, GridPoint at) {
    List<String> models =
        index.largestFirst().stream().filter(m -> !index.comparisons(m).isEmpty()).toList();
    long budgets =
        models.stream()
            .flatMap(m -> index.comparisons(m).stream().map(Comparison::budget))
            .distinct()
            .count();
    if (budgets < 2) {
      return;
    }
    page.legend(index.mixtures());
    for (String model : models) {
      Chart chart =
          new Chart(
              "loss minus that of " + index.baseline() + " against training tokens, model " + model,
              Chart.AxisStyle.logarithmic("training tokens").text(Numbers::count),
              Chart.AxisStyle.linear(index.unit() + "; below 0 is better"),
              differenceLines(index, model));
      page.figure(
          "Loss minus that of " + index.baseline() + ", mean of domains, model " + model,
          (model.equals(at.model()) ? chart.wide() : chart).spread().drawing());
    }
  }

  /** Returns a line for each mixture. The line of the baseline is 0 at every budget. */
  private static List<Chart.Line> differenceLines(FindingsIndex index, String model) {
    List<Comparison> all =
        index.comparisons(model).stream().sorted(Comparator.comparing(Comparison::budget)).toList();
    return index.mixtures().stream()
        .map(
            mixture -> {
              boolean baseline = mixture.equals(index.baseline());
              List<Chart.Point> points =
                  all.stream()
                      .filter(c -> baseline || c.mixture().equals(mixture))
                      .map(
                          c ->
                              baseline
                                  ? Chart.Point.of(c.budget().count(), 0)
                                  : Chart.Point.of(c.budget().count(), c.difference()))
                      .distinct()
                      .toList();
              return Chart.Line.measured(mixture, index.position(mixture), points);
            })
        .toList();
  }

  private static void differences(HtmlPage page, FindingsIndex index, GridPoint at) {
    List<Comparison> all =
        index.others().stream()
            .flatMap(m -> index.comparison(m, at, FittedLaw.MACRO).stream())
            .toList();
    if (all.isEmpty()) {
      return;
    }
    ForestPlot plot =
        ForestPlot.differences(
            "loss minus that of " + index.baseline() + ", " + at,
            index.unit() + "; below 0 is better");
    all.forEach(c -> plot.row(c.mixture(), c));
    page.figure(
        "Loss minus that of " + index.baseline() + ", mean of domains, " + at, plot.drawing());
    HtmlTable<Comparison> table = HtmlTable.of(all).words("mixture", Comparison::mixture);
    page.table(ComparisonTable.with(table, index.unit(), c -> c));
    page.paragraph(ComparisonTable.legend());
    SeedSpread.of(index.findings()).sentence(index.unit()).ifPresent(page::paragraph);
  }

  private static void speedups(HtmlPage page, FindingsIndex index, GridPoint at) {
    List<Speedup> all =
        index.findings().speedups().stream()
            .filter(s -> s.domain().equals(FittedLaw.MACRO))
            .filter(s -> index.isAt(s.params(), s.tokens(), at))
            .toList();
    if (all.isEmpty()) {
      return;
    }
    ForestPlot plot =
        ForestPlot.ratios(
            "speed-up over " + index.baseline() + ", " + at,
            "ratio of tokens needed; above 1 is better");
    for (Speedup s : all) {
      row(plot, s.mixture(), "fitted", s.fitted());
      row(plot, "", "measured", s.measured());
    }
    page.figure("Speed-up over " + index.baseline() + ", " + at, plot.drawing());
  }

  private static void row(
      ForestPlot plot, String name, String basis, Answer<Speedup.Ratio> answer) {
    Optional<Speedup.Ratio> ratio = answer.toOptional();
    ratio
        .flatMap(Speedup.Ratio::times)
        .ifPresentOrElse(
            times -> plot.row(name, basis, times),
            () ->
                plot.row(
                    name,
                    basis + ratio.map(r -> " " + SpeedupSection.formatted(r)).orElse(": refused")));
  }
}
