package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Speedup;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The section about speed-ups: how many times fewer tokens a mixture needs than the baseline. */
final class SpeedupSection {
  private SpeedupSection() {}

  static void write(HtmlPage page, FindingsIndex index) {
    List<Speedup> all =
        index.findings().speedups().stream()
            .filter(s -> s.domain().equals(FittedLaw.MACRO))
            .toList();
    if (all.isEmpty()) {
      page.paragraph("There is no mixture to compare with " + index.baseline() + ".");
      return;
    }
    page.paragraph(
        Numbers.text(
            "The speed-up is D / Dₘ if a mixture needs Dₘ tokens to reach the loss that %s has"
                + " after D tokens. Losses are means over all domains. Measured speed-ups are"
                + " interpolated between measured losses. Fitted speed-ups follow from the laws and"
                + " are very sensitive to E. A dash means that the statement was refused.",
            index.baseline()));
    List<Params> sizes = new ArrayList<>(new TreeSet<>(all.stream().map(Speedup::params).toList()));
    Params most = sizes.get(sizes.size() - 1);
    page.heading("Measured, N = " + most).table(pivot(index, all, most, Speedup::measured));
    page.heading("Fitted, N = " + most).table(pivot(index, all, most, Speedup::fitted));
    for (Params n : sizes.subList(0, sizes.size() - 1)) {
      page.folded("Measured, N = " + n, pivot(index, all, n, Speedup::measured));
      page.folded("Fitted, N = " + n, pivot(index, all, n, Speedup::fitted));
    }
    page.folded("All speed-ups with warnings and refusals", reasons(all));
  }

  private static HtmlTable<String> pivot(
      FindingsIndex index,
      List<Speedup> all,
      Params size,
      Function<Speedup, Answer<Speedup.Ratio>> basis) {
    List<Speedup> here = all.stream().filter(s -> s.params().equals(size)).toList();
    HtmlTable<String> table = HtmlTable.of(index.others()).words("mixture", m -> m);
    for (Tokens d : new TreeSet<>(here.stream().map(Speedup::tokens).toList())) {
      table.number(
          "D = " + d,
          mixture ->
              here.stream()
                  .filter(s -> s.mixture().equals(mixture) && s.tokens().equals(d))
                  .findFirst()
                  .flatMap(s -> basis.apply(s).toOptional())
                  .map(r -> formatted(r).lines()));
    }
    return table;
  }

  static Numbers.Formatted formatted(Speedup.Ratio ratio) {
    return ratio
        .times()
        .map(Numbers::ratio)
        .orElseGet(
            () -> new Numbers.Formatted("never", Numbers.percent(ratio.never()) + " of resamples"));
  }

  private static HtmlTable<Speedup> reasons(List<Speedup> all) {
    return HtmlTable.of(all)
        .words("mixture", Speedup::mixture)
        .number("N", Speedup::params)
        .number("D", Speedup::tokens)
        .text("measured", s -> reason(s.measured()))
        .text("fitted", s -> reason(s.fitted()));
  }

  private static String reason(Answer<Speedup.Ratio> answer) {
    return answer.fold(
        (ratio, warnings) ->
            Stream.concat(Stream.of(formatted(ratio).toString()), warnings.stream())
                .collect(Collectors.joining("; ")),
        refusal -> "refused: " + refusal.reason());
  }
}
