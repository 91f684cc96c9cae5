package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Speedup;
import dev.mixlaw.eval.report.FindingsIndex.GridPoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Shows the difference of every mixture from the baseline by budget, and the speed-up of every
 * mixture at the largest model and budget.
 */
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

  /**
   * Draws the differences against tokens if there are several budgets, starting with the largest
   * model.
   */
  private static void byBudget(HtmlPage page, FindingsIndex index, GridPoint at) {
    List<Comparison> all =
        index.findings().comparisons().stream()
            .filter(c -> c.domain().equals(FittedLaw.MACRO))
            .toList();
    if (all.stream().map(Comparison::budget).distinct().count() < 2) {
      return;
    }
    page.legend(index.mixtures());
    List<String> models = new ArrayList<>(index.models().keySet());
    Collections.reverse(models);
    for (String model : models) {
      List<Comparison> here = all.stream().filter(c -> c.model().equals(model)).toList();
      if (here.isEmpty()) {
        continue;
      }
      List<Chart.Line> lines = new ArrayList<>();
      lines.add(
          Chart.Line.measured(
              index.baseline(),
              index.position(index.baseline()),
              here.stream()
                  .map(c -> Chart.Point.of(c.budget().count(), 0))
                  .distinct()
                  .sorted(Comparator.comparingDouble(Chart.Point::x))
                  .toList()));
      for (String mixture : index.others()) {
        lines.add(
            Chart.Line.measured(
                mixture,
                index.position(mixture),
                here.stream()
                    .filter(c -> c.mixture().equals(mixture))
                    .sorted(Comparator.comparing(Comparison::budget))
                    .map(c -> Chart.Point.of(c.budget().count(), c.difference()))
                    .toList()));
      }
      String title =
          "loss minus that of " + index.baseline() + " against training tokens, model " + model;
      boolean largest = model.equals(at.model());
      page.figure(
          "Loss minus that of " + index.baseline() + ", mean of domains, model " + model,
          new Chart(
                  title,
                  Chart.AxisStyle.logarithmic("training tokens").text(Numbers::count),
                  Chart.AxisStyle.linear(index.unit() + "; below 0 is better"),
                  lines)
              .size(largest ? Chart.WIDE : 364, largest ? 360 : 256)
              .drawing());
    }
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
