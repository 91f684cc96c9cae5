package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Collapse;
import dev.mixlaw.api.results.DecisionAccuracy;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

final class CollapseSections {
  private CollapseSections() {}

  static void collapse(HtmlPage page, FindingsIndex index) {
    List<Collapse> all = index.findings().collapses();
    if (all.isEmpty()) {
      page.paragraph("There is no mixture to compare with " + index.baseline() + ".");
      return;
    }
    page.paragraph(
        Texts.format(
            "This section tests whether the loss of a mixture approaches a higher floor than that of %s as the number of tokens grows. The floor is higher if the E of the mixture is significantly higher, or if the law of the baseline plus a floor predicts the loss at the largest budget better than the law without a floor. A higher floor is called a collapse only if the mixture contains synthetic text, the baseline contains none, and the domains consist of real text. Losses are means over the domains of real text. Each verdict is for one mixture and one model, with a false-positive rate of up to 5 %%.",
            index.baseline()));
    List<String> models =
        index.models().keySet().stream()
            .filter(m -> all.stream().anyMatch(c -> c.model().equals(m)))
            .toList();
    HtmlTable<String> table = HtmlTable.of(index.others()).words("mixture", m -> m);
    for (String model : models) {
      table.words("model " + model, mixture -> verdict(all, mixture, model));
    }
    page.table(table)
        .folded(
            "Reasons",
            HtmlTable.of(all)
                .words("mixture", Collapse::mixture)
                .words("model", Collapse::model)
                .text("reason", Collapse::reason));
  }

  private static Optional<String> verdict(List<Collapse> all, String mixture, String model) {
    return all.stream()
        .filter(c -> c.mixture().equals(mixture) && c.model().equals(model))
        .findFirst()
        .map(CollapseSections::outcome);
  }

  private static String outcome(Collapse verdict) {
    String outcome = verdict.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return outcome + verdict.firstViolation().map(at -> "\nfirst at " + at).orElse("");
  }

  static void decisions(HtmlPage page, FindingsIndex index) {
    List<DecisionAccuracy> all = index.findings().decisionAccuracies();
    DecisionAccuracy any = all.get(0);
    page.paragraph(
        Texts.format(
            "Decision accuracy: the share of pairs of mixtures that runs of a smaller model or budget rank in the same order as the runs at N = %s, D = %s. Chance level: 50 %%.",
            any.targetParams(), any.targetTokens()));
    HeatMap map =
        HeatMap.of(
                "decision accuracy by model and budget",
                HeatMap.labels(all, DecisionAccuracy::params),
                HeatMap.labels(all, DecisionAccuracy::tokens))
            .axes("N", "D")
            .unit("%")
            .range(50, 100);
    for (DecisionAccuracy d : all) {
      map.cell(
          d.params().toString(),
          d.tokens().toString(),
          100 * d.accuracy().value(),
          Numbers.wholePercent(d.accuracy().value()),
          Numbers.wholePercents(d.accuracy().interval()));
    }
    page.figure("Pairs in the same order", map.drawing())
        .folded(
            "Best mixtures and regret",
            HtmlTable.of(all)
                .number("N", DecisionAccuracy::params)
                .number("D", DecisionAccuracy::tokens)
                .number("mixtures", DecisionAccuracy::mixtures)
                .number(
                    "accuracy",
                    d ->
                        Numbers.wholePercent(d.accuracy().value())
                            + "\n"
                            + Numbers.wholePercents(d.accuracy().interval()))
                .words("best mixture at this point", DecisionAccuracy::winner)
                .words("best mixture at the largest N and D", DecisionAccuracy::targetWinner)
                .number("regret, " + index.unit(), d -> Numbers.loss(d.regret())));
  }
}
