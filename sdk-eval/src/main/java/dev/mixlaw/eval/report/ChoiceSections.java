package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.ChoiceFinding;
import dev.mixlaw.api.results.Estimate;
import java.util.List;
import java.util.OptionalDouble;

/** Tests of multiple choice. */
final class ChoiceSections {
  private ChoiceSections() {}

  static void choices(HtmlPage page, FindingsIndex grid) {
    List<ChoiceFinding> all = grid.findings().choices();
    if (all.isEmpty()) {
      return;
    }
    page.section("questions", "Questions", "Questions of multiple choice");
    page.paragraph(
        "How many questions a model answers rightly, its answer being the choice of the highest"
            + " likelihood over its bytes (acc_norm). Differences to "
            + grid.baseline()
            + " are on the same questions, in percentage points; those whose interval leaves out"
            + " zero are decided.");
    for (String test : all.stream().map(ChoiceFinding::test).distinct().toList()) {
      test(page, grid, test, all.stream().filter(f -> f.test().equals(test)).toList());
    }
  }

  private static void test(
      HtmlPage page, FindingsIndex grid, String test, List<ChoiceFinding> all) {
    ChoiceFinding last = all.get(all.size() - 1);
    List<ChoiceFinding> largest =
        all.stream()
            .filter(f -> f.model().equals(last.model()) && f.budget().equals(last.budget()))
            .toList();
    long cut =
        grid.findings().runs().stream()
            .flatMap(r -> r.choices().stream())
            .filter(c -> c.test().equals(test))
            .mapToLong(c -> c.cut())
            .max()
            .orElse(0);
    page.heading(test + ", model " + last.model() + ", " + last.budget() + " tokens");
    page.paragraph(
        last.questions()
            + " questions; who guesses has "
            + Numbers.percent(last.chance())
            + ". "
            + noise(last.seedSpread())
            + (cut == 0
                ? ""
                : " " + cut + " of them are longer than a context; their end was read."));
    page.table(table(largest));
    page.folded("All models and budgets", table(all));
  }

  private static String noise(OptionalDouble spread) {
    return spread.isPresent()
        ? "Runs that differ in their seed alone are "
            + Numbers.short3(100 * spread.getAsDouble())
            + " points apart (standard deviation)."
        : "Without a second seed nothing tells the noise of training.";
  }

  private static HtmlTable table(List<ChoiceFinding> all) {
    HtmlTable table =
        new HtmlTable()
            .words("mixture")
            .words("model")
            .number("tokens")
            .number("acc_norm")
            .number("difference")
            .words("decided")
            .number("acc")
            .number("by tokens")
            .number("seeds");
    for (ChoiceFinding f : all) {
      table.row(
          f.mixture(),
          f.model(),
          f.budget(),
          Numbers.percentLines(f.byBytes()),
          f.difference().map(ChoiceSections::points).orElse("–"),
          f.difference().map(d -> d.interval().contains(0) ? "no" : "yes").orElse("–"),
          Numbers.percentLines(f.plain()),
          Numbers.percentLines(f.byTokens()),
          f.seeds());
    }
    return table;
  }

  private static String points(Estimate e) {
    Estimate points =
        Estimate.of(100 * e.value(), 100 * e.interval().low(), 100 * e.interval().high());
    return Numbers.difference(points) + "\n" + Numbers.differenceRange(points);
  }
}
