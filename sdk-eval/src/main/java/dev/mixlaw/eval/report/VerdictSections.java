package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Collapse;
import dev.mixlaw.api.results.CollapseVerdict;
import dev.mixlaw.api.results.DecisionAccuracy;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** What holds beyond the runs: collapse as tokens grow, and what small runs decide. */
final class VerdictSections {
  private VerdictSections() {}

  static void collapse(HtmlPage page, FindingsIndex grid) {
    List<Collapse> all = grid.findings().collapses();
    page.section("collapse", "Collapse", "Collapse over tokens");
    if (all.isEmpty()) {
      page.paragraph("There is no mixture to judge beside " + grid.baseline() + ".");
      return;
    }
    page.paragraph(
        "Whether a mixture runs into a floor above that of "
            + grid.baseline()
            + " as tokens grow: its E lies above beyond the intervals, or a floor on top of the"
            + " baseline's law predicts the largest budget better than none. Mean of all domains.");
    List<String> models =
        grid.models().keySet().stream()
            .filter(m -> all.stream().anyMatch(c -> c.model().equals(m)))
            .toList();
    HtmlTable table = new HtmlTable().words("mixture");
    models.forEach(m -> table.words("model " + m));
    for (String mixture : grid.others()) {
      List<Object> row = new ArrayList<>(List.of(mixture));
      models.forEach(m -> row.add(verdict(all, mixture, m)));
      table.row(row.toArray());
    }
    page.table(table);
    HtmlTable reasons = new HtmlTable().words("mixture").words("model").text("reason");
    all.forEach(c -> reasons.row(c.mixture(), c.model(), c.verdict().reason()));
    page.folded("Why", reasons);
  }

  private static String verdict(List<Collapse> all, String mixture, String model) {
    return all.stream()
        .filter(c -> c.mixture().equals(mixture) && c.model().equals(model))
        .findFirst()
        .map(c -> said(c.verdict()))
        .orElse("–");
  }

  private static String said(CollapseVerdict verdict) {
    String word =
        switch (verdict.outcome()) {
          case COLLAPSE -> "collapse";
          case NO_COLLAPSE -> "no collapse";
          case NOT_DECIDABLE -> "not decidable";
        };
    return word + verdict.firstViolation().map(at -> "\nfirst at " + at).orElse("");
  }

  static void decisions(HtmlPage page, FindingsIndex grid) {
    List<DecisionAccuracy> all = grid.findings().decisionAccuracies();
    if (all.isEmpty()) {
      return;
    }
    DecisionAccuracy any = all.get(0);
    page.section("decisions", "Small runs", "What small runs decide");
    page.paragraph(
        "How many of the pairs of mixtures the runs of a smaller model or budget order as those at"
            + " N = "
            + any.targetParams()
            + ", D = "
            + any.targetTokens()
            + " do; half is chance.");
    HeatMap map =
        HeatMap.of(
                "decision accuracy by model and budget",
                labels(all, DecisionAccuracy::params),
                labels(all, DecisionAccuracy::tokens))
            .axes("N", "D")
            .unit("%")
            .range(50, 100);
    HtmlTable table =
        new HtmlTable()
            .number("N")
            .number("D")
            .number("mixtures")
            .number("accuracy")
            .words("winner there")
            .words("winner at the largest")
            .number("what it costs, " + grid.unit());
    for (DecisionAccuracy d : all) {
      Estimate accuracy = d.accuracy();
      Interval interval = accuracy.interval();
      map.cell(
          d.params().toString(),
          d.tokens().toString(),
          100 * accuracy.value(),
          Numbers.wholePercent(accuracy.value()),
          Numbers.wholePercents(interval));
      table.row(
          d.params(),
          d.tokens(),
          d.mixtures(),
          Numbers.wholePercent(accuracy.value()) + "\n" + Numbers.wholePercents(interval),
          d.winner(),
          d.targetWinner(),
          Numbers.loss(d.regret()));
    }
    page.figure("pairs ordered alike", map.drawing());
    page.folded("Winners, and what they cost", table);
  }

  private static <T extends Comparable<T>> List<String> labels(
      List<DecisionAccuracy> all, Function<DecisionAccuracy, T> axis) {
    return all.stream()
        .map(axis)
        .distinct()
        .sorted(Comparator.naturalOrder())
        .map(String::valueOf)
        .distinct()
        .toList();
  }
}
