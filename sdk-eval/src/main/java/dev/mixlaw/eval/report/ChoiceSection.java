package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.ChoiceFinding;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Metric;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

final class ChoiceSection {
  private ChoiceSection() {}

  static void write(HtmlPage page, FindingsIndex index) {
    List<ChoiceFinding> all = index.findings().choices();
    page.paragraph(
        Texts.format(
            "Accuracy: the share of questions that a model answers correctly. The answer of a model is the choice with the highest likelihood per byte (acc_norm). Differences from %s are on the same questions; those of fractions are in percentage points. A difference is significant if its p-value is at most 0.05 after control of the false discovery rate over the mixtures at one model and budget.",
            index.baseline()));
    for (String test : all.stream().map(ChoiceFinding::test).distinct().toList()) {
      test(page, index, all.stream().filter(f -> f.test().equals(test)).toList());
    }
  }

  private static void test(HtmlPage page, FindingsIndex index, List<ChoiceFinding> all) {
    ChoiceFinding last = all.get(all.size() - 1);
    int cut =
        index.findings().runs().stream()
            .flatMap(r -> r.measurements().stream())
            .filter(m -> m.subject().equals(last.test()))
            .mapToInt(m -> m.details().getOrDefault("cut", 0.0).intValue())
            .max()
            .orElse(0);
    page.heading(last.test() + ", model " + last.model() + ", " + last.budget() + " tokens")
        .paragraph(
            (last.questions() == 0
                    ? ""
                    : "%s questions. Intervals of values are over questions, for these trained models; intervals of differences include the seed noise if it is known. "
                        .formatted(last.questions()))
                + last.chance().stream()
                    .mapToObj(c -> "Chance level: " + Numbers.percent(c) + ".")
                    .collect(Collectors.joining())
                + (cut == 0
                    ? ""
                    : " %s questions are longer than the context; the model saw only the end of each."
                        .formatted(cut)));
    List<Metric> metrics =
        all.stream()
            .map(ChoiceFinding::metric)
            .distinct()
            .sorted(Comparator.comparing(m -> !m.equals(Metric.ACC_NORM)))
            .toList();
    for (Metric metric : metrics) {
      List<ChoiceFinding> own = all.stream().filter(f -> f.metric().equals(metric)).toList();
      List<ChoiceFinding> largest =
          own.stream()
              .filter(f -> f.model().equals(last.model()) && f.budget().equals(last.budget()))
              .toList();
      page.paragraph(metric.name() + ": " + metric.description() + ". " + noise(metric, largest))
          .table(table(largest))
          .folded("All models and budgets", table(own));
    }
  }

  private static String noise(Metric metric, List<ChoiceFinding> findings) {
    return findings.stream()
        .flatMapToDouble(f -> f.seedSpread().stream())
        .mapToObj(
            spread ->
                "Seed noise: runs that differ only in seed have a standard deviation of "
                    + Numbers.short3(scale(metric) * spread)
                    + (metric.unit().isEmpty() ? " percentage points." : " " + metric.unit() + "."))
        .findFirst()
        .orElse("Run a second seed to estimate the seed noise.");
  }

  private static HtmlTable<ChoiceFinding> table(List<ChoiceFinding> all) {
    return HtmlTable.of(all)
        .words("mixture", ChoiceFinding::mixture)
        .words("model", ChoiceFinding::model)
        .number("tokens", ChoiceFinding::budget)
        .number(
            "value",
            f ->
                f.metric().unit().isEmpty()
                    ? Numbers.percent(f.value()).lines()
                    : Numbers.estimate(f.value()).lines())
        .number("difference", f -> f.difference().map(d -> points(f.metric(), d.difference())))
        .words("significant", f -> f.difference().map(d -> d.significant() ? "yes" : "no"))
        .number(
            "detects",
            f ->
                f.difference()
                    .filter(d -> d.degreesOfFreedom() > 0)
                    .map(d -> Numbers.rounded(scale(f.metric()) * d.detectable())))
        .number("seeds", ChoiceFinding::seeds);
  }

  private static String points(Metric metric, Estimate e) {
    return Numbers.difference(e.map(x -> scale(metric) * x)).lines();
  }

  /**
   * Returns 100 for metrics that are fractions, whose differences are shown in percentage points.
   */
  private static double scale(Metric metric) {
    return metric.unit().isEmpty() ? 100 : 1;
  }
}
