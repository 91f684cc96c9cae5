package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.ChoiceAccuracy;
import dev.mixlaw.api.results.ChoiceFinding;
import dev.mixlaw.api.results.Estimate;
import java.util.List;
import java.util.OptionalDouble;

/** Accuracy on multiple-choice tests. */
final class ChoiceSection {
  private ChoiceSection() {}

  static void write(HtmlPage page, FindingsIndex index) {
    List<ChoiceFinding> all = index.findings().choices();
    page.paragraph(
        Numbers.text(
            "Accuracy: the share of questions that a model answers correctly. Its answer is the choice with the highest likelihood per byte (acc_norm). Differences from %s are in percentage points, on the same questions. A difference is significant if its p-value is at most 0.05 after control of the false discovery rate over the mixtures at one model and budget.",
            index.baseline()));
    for (String test : all.stream().map(ChoiceFinding::test).distinct().toList()) {
      test(page, index, test, all.stream().filter(f -> f.test().equals(test)).toList());
    }
  }

  private static void test(
      HtmlPage page, FindingsIndex index, String test, List<ChoiceFinding> all) {
    ChoiceFinding last = all.get(all.size() - 1);
    List<ChoiceFinding> largest =
        all.stream()
            .filter(f -> f.model().equals(last.model()) && f.budget().equals(last.budget()))
            .toList();
    int cut =
        index.findings().runs().stream()
            .flatMap(r -> r.choices().stream())
            .filter(c -> c.test().equals(test))
            .mapToInt(ChoiceAccuracy::cut)
            .max()
            .orElse(0);
    page.heading(test + ", model " + last.model() + ", " + last.budget() + " tokens");
    page.paragraph(
        last.questions()
            + " questions; chance level: "
            + Numbers.percent(last.chance())
            + ". "
            + noise(last.seedSpread())
            + (cut == 0
                ? ""
                : " "
                    + cut
                    + " questions are longer than the context; the model saw only their end."));
    page.table(table(largest));
    page.folded("All models and budgets", table(all));
  }

  private static String noise(OptionalDouble spread) {
    return spread.isPresent()
        ? "Seed noise: runs that differ only in seed have a standard deviation of "
            + Numbers.short3(100 * spread.getAsDouble())
            + " percentage points."
        : "Run a second seed to estimate training noise.";
  }

  private static HtmlTable<ChoiceFinding> table(List<ChoiceFinding> all) {
    return HtmlTable.of(all)
        .words("mixture", ChoiceFinding::mixture)
        .words("model", ChoiceFinding::model)
        .number("tokens", ChoiceFinding::budget)
        .number("acc_norm", f -> Numbers.percent(f.byBytes()).lines())
        .number("difference", f -> f.difference().map(d -> points(d.difference())))
        .words("significant", f -> f.difference().map(d -> d.significant() ? "yes" : "no"))
        .number(
            "detects",
            f ->
                f.difference()
                    .filter(d -> d.degreesOfFreedom() > 0)
                    .map(d -> Numbers.rounded(100 * d.detectable())))
        .number("acc", f -> Numbers.percent(f.plain()).lines())
        .number("acc_tokens", f -> Numbers.percent(f.byTokens()).lines())
        .number("seeds", ChoiceFinding::seeds);
  }

  private static String points(Estimate e) {
    return Numbers.difference(
            Estimate.of(100 * e.value(), 100 * e.interval().low(), 100 * e.interval().high()))
        .lines();
  }
}
