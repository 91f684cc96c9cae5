package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Speedup;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;

/** How much sooner mixtures reach the baseline's loss. */
final class SpeedupSections {
  private SpeedupSections() {}

  static void speedups(HtmlPage page, FindingsIndex grid) {
    List<Speedup> all =
        grid.findings().speedups().stream()
            .filter(s -> s.domain().equals(FittedLaw.MACRO))
            .toList();
    page.section("speedup", "Speed-up", "Speed-up");
    if (all.isEmpty()) {
      page.paragraph("There is no mixture to compare with " + grid.baseline() + ".");
      return;
    }
    page.paragraph(
        "D / Dₘ: how many times sooner, in tokens, a mixture reaches the loss that "
            + grid.baseline()
            + " has at D; mean of all domains. Fitted ones follow from the laws and are very"
            + " sensitive to E; measured ones are interpolated between measured points. A dash is"
            + " a refusal.");
    List<Params> sizes = new ArrayList<>(new TreeSet<>(all.stream().map(Speedup::params).toList()));
    Params most = sizes.get(sizes.size() - 1);
    page.heading("Measured, N = " + most).table(pivot(grid, all, most, Speedup::measured));
    page.heading("Fitted, N = " + most).table(pivot(grid, all, most, Speedup::fitted));
    for (Params n : sizes.subList(0, sizes.size() - 1)) {
      page.folded("Measured, N = " + n, pivot(grid, all, n, Speedup::measured));
      page.folded("Fitted, N = " + n, pivot(grid, all, n, Speedup::fitted));
    }
    page.folded("All speed-ups with warnings and refusals", reasons(all));
  }

  private static HtmlTable pivot(
      FindingsIndex grid,
      List<Speedup> all,
      Params size,
      Function<Speedup, Answer<Speedup.Ratio>> basis) {
    List<Speedup> here = all.stream().filter(s -> s.params().equals(size)).toList();
    TreeSet<Tokens> budgets = new TreeSet<>(here.stream().map(Speedup::tokens).toList());
    HtmlTable table = new HtmlTable().words("mixture");
    budgets.forEach(d -> table.number("D = " + d));
    for (String mixture : grid.others()) {
      List<Object> row = new ArrayList<>(List.of(mixture));
      for (Tokens d : budgets) {
        row.add(
            here.stream()
                .filter(s -> s.mixture().equals(mixture) && s.tokens().equals(d))
                .findFirst()
                .map(s -> cell(basis.apply(s)))
                .orElse("–"));
      }
      table.row(row.toArray());
    }
    return table;
  }

  private static String cell(Answer<Speedup.Ratio> answer) {
    Speedup.Ratio ratio = answer.toOptional().orElse(null);
    if (ratio instanceof Speedup.Ratio.Times t) {
      return Numbers.ratio(Estimate.of(t.value(), t.low(), t.high()))
          .replace(" (", "\n")
          .replace(")", "");
    }
    return ratio instanceof Speedup.Ratio.Never never
        ? "never\n" + Numbers.percent(never.resamples()) + " agree"
        : "–";
  }

  private static HtmlTable reasons(List<Speedup> all) {
    HtmlTable table =
        new HtmlTable().words("mixture").number("N").number("D").text("measured").text("fitted");
    all.forEach(
        s ->
            table.row(
                s.mixture(), s.params(), s.tokens(), reason(s.measured()), reason(s.fitted())));
    return table;
  }

  private static String reason(Answer<Speedup.Ratio> answer) {
    if (answer instanceof Answer.Refused<Speedup.Ratio> refused) {
      return "refused: " + refused.refusal().reason();
    }
    Answer.Known<Speedup.Ratio> known = (Answer.Known<Speedup.Ratio>) answer;
    String said = cell(known).replaceFirst("\n(.*)", " ($1)");
    return known.warnings().isEmpty() ? said : said + "; " + String.join("; ", known.warnings());
  }
}
