package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.GeneratorEffect;
import dev.mixlaw.api.results.RateCheck;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.Speedup;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.report.FindingsIndex.GridPoint;
import dev.mixlaw.eval.report.FindingsIndex.SeedSpread;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sections that compare mixtures: the overview, speed-ups, generators and learning rates. */
final class ComparisonSections {
  /** Margin within which mixtures are called equivalent, in nats or as a fraction of 1. */
  private static final double MARGIN = 0.01;

  private ComparisonSections() {}

  /** Adds columns for a comparison, its conclusion and its smallest detectable difference. */
  private static <T> HtmlTable<T> with(
      HtmlTable<T> table, String unit, Function<T, Comparison> of) {
    return table
        .number("difference", t -> Numbers.difference(of.apply(t).difference()).lines())
        .number("adjusted p", t -> tested(of.apply(t)).map(c -> Numbers.pValue(c.adjustedPValue())))
        .words("conclusion", t -> conclusion(of.apply(t), unit))
        .number("detects", t -> tested(of.apply(t)).map(c -> Numbers.rounded(c.detectable())))
        .number(
            "differs by less than",
            t -> tested(of.apply(t)).map(c -> Numbers.rounded(c.equivalence())));
  }

  private static Optional<Comparison> tested(Comparison comparison) {
    return Optional.of(comparison).filter(c -> c.degreesOfFreedom() > 0);
  }

  static String conclusion(Comparison c, String unit) {
    return c.degreesOfFreedom() == 0
        ? "seed noise unknown"
        : c.significant()
            ? "significant"
            : c.equivalentWithin(MARGIN)
                ? "equivalent within " + MARGIN + " " + unit
                : "too noisy to say";
  }

  private static String legend() {
    return "Adjusted p: the p-value after control of the false discovery rate over the comparisons shown together (Benjamini–Hochberg); significant at 0.05 or below. Each interval is for a single comparison. Detects: the smallest true difference that such a comparison would find significant with 80 % power. Differs by less than: the margin within which two one-sided tests at 5 % show that the losses are equivalent.";
  }

  static void generators(HtmlPage page, FindingsIndex index) {
    List<GeneratorEffect> all = index.findings().generatorEffects();
    page.paragraph(
        "These pairs of mixtures differ only in the generator of their synthetic text. A difference is the loss with the first generator minus the loss with the second, on the same documents, averaged over the domains.");
    index.largest().ifPresent(at -> forest(page, index, all, at));
    HtmlTable<GeneratorEffect> table =
        HtmlTable.of(all)
            .words("generators", ComparisonSections::named)
            .words(
                "mixtures",
                e -> e.comparison().mixture() + "\nagainst " + e.comparison().baseline())
            .words("model", e -> e.comparison().model())
            .words("D", e -> e.comparison().budget())
            .words("domain", e -> FindingsIndex.domainName(e.comparison().domain()));
    with(table, index.unit(), GeneratorEffect::comparison);
    page.folded("All models, budgets and domains", table);
  }

  private static void forest(
      HtmlPage page, FindingsIndex index, List<GeneratorEffect> all, GridPoint at) {
    List<GeneratorEffect> here =
        all.stream().filter(e -> index.isAt(e.comparison(), FittedLaw.MACRO, at)).toList();
    if (!here.isEmpty()) {
      ForestPlot plot =
          ForestPlot.differences(
              "loss by generator, " + at,
              index.unit() + "; " + index.betterSide() + " the first generator is better");
      here.forEach(e -> plot.row(named(e), e.comparison()));
      page.figure("Loss by generator, " + at, plot.drawing());
    }
  }

  private static String named(GeneratorEffect effect) {
    return effect.generator() + " – " + effect.other();
  }

  static void rates(HtmlPage page, FindingsIndex index) {
    List<RateCheck> all = index.findings().rateChecks();
    rateSentence(all).ifPresent(page::paragraph);
    page.paragraph(
        "A recipe can suit one mixture better than another. These mixtures were therefore also trained with multiples of the learning rate. A difference is the value of the mixture that is better at the study's own rate minus that of the other, averaged over the domains.");
    HtmlTable<RateCheck> table =
        HtmlTable.of(all)
            .words("mixtures", c -> c.usual().mixture() + "\nagainst " + c.usual().baseline())
            .number("own rate", c -> Numbers.difference(c.usual().difference()).lines())
            .number("rate ×", c -> Numbers.rounded(c.factor()));
    page.table(
        with(table, index.unit(), RateCheck::changed)
            .words(
                "order", c -> c.holds().map(h -> h ? "same" : "reversed").orElse("not decided")));
  }

  /** Summarizes all checks in a sentence, or returns empty if there are no checks. */
  static Optional<String> rateSentence(List<RateCheck> all) {
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Comparison first = all.get(0).usual();
    String reversed =
        all.stream()
            .filter(c -> !c.holds().orElse(true))
            .map(
                c ->
                    Texts.format(
                        "%s and %s at × %s",
                        c.usual().mixture(), c.usual().baseline(), Numbers.rounded(c.factor())))
            .collect(Collectors.joining("; "));
    return Optional.of(
        Texts.format(
            "Other learning rates (× %s) at %s parameters and %s tokens: the order of two mixtures is the same in %s of %s comparisons and reversed in %s%s; the others are not decided.",
            all.stream()
                .map(c -> Numbers.rounded(c.factor()))
                .distinct()
                .collect(Collectors.joining(", ")),
            first.model(),
            first.budget(),
            all.stream().filter(c -> c.holds().orElse(false)).count(),
            all.size(),
            all.stream().filter(c -> !c.holds().orElse(true)).count(),
            reversed.isEmpty() ? "" : " (" + reversed + ")"));
  }

  static void overview(HtmlPage page, FindingsIndex index) {
    primary(page, index);
    index
        .largest()
        .ifPresent(
            at -> {
              byBudget(page, index, at);
              differences(page, index, at);
              speedupPlot(page, index, at);
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
    with(table, index.unit(), c -> c);
    page.heading("Primary questions, named before the run").table(table);
    page.paragraph(
        "The p-values of the primary questions are adjusted together. Everything below is exploratory: it suggests what to test next.");
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
              Chart.AxisStyle.linear(index.unit() + "; " + index.betterSide() + " is better"),
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
            index.unit() + "; " + index.betterSide() + " is better");
    all.forEach(c -> plot.row(c.mixture(), c));
    page.figure(
        "Loss minus that of " + index.baseline() + ", mean of domains, " + at, plot.drawing());
    HtmlTable<Comparison> table = HtmlTable.of(all).words("mixture", Comparison::mixture);
    page.table(with(table, index.unit(), c -> c));
    page.paragraph(legend());
    SeedSpread.of(index.findings()).sentence(index.unit()).ifPresent(page::paragraph);
  }

  private static void speedupPlot(HtmlPage page, FindingsIndex index, GridPoint at) {
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
            () -> plot.row(name, basis + ratio.map(r -> " " + formatted(r)).orElse(": refused")));
  }

  static void speedups(HtmlPage page, FindingsIndex index) {
    List<Speedup> all =
        index.findings().speedups().stream()
            .filter(s -> s.domain().equals(FittedLaw.MACRO))
            .toList();
    if (all.isEmpty()) {
      page.paragraph("There is no mixture to compare with " + index.baseline() + ".");
      return;
    }
    page.paragraph(
        Texts.format(
            "The speed-up is D / Dₘ if a mixture needs Dₘ tokens to reach the loss that %s has after D tokens. Losses are means over all domains. Measured speed-ups are interpolated between measured losses. Fitted speed-ups follow from the laws and are very sensitive to E. A dash means that the speed-up cannot be computed; see Refused for the reasons.",
            index.baseline()));
    List<Params> sizes = new ArrayList<>(new TreeSet<>(all.stream().map(Speedup::params).toList()));
    Params most = sizes.get(sizes.size() - 1);
    page.heading("Measured, N = " + most).table(pivot(index, all, most, Speedup::measured));
    page.heading("Fitted, N = " + most).table(pivot(index, all, most, Speedup::fitted));
    for (Params n : sizes.subList(0, sizes.size() - 1)) {
      page.folded("Measured, N = " + n, pivot(index, all, n, Speedup::measured));
      page.folded("Fitted, N = " + n, pivot(index, all, n, Speedup::fitted));
    }
    effectiveTokens(page, index);
    page.folded("All speed-ups with warnings and refusals", reasons(all));
  }

  /**
   * Shows the number of effective tokens of mixtures that repeat a corpus: the new tokens that
   * would have the same value as the training tokens.
   */
  private static void effectiveTokens(HtmlPage page, FindingsIndex index) {
    Map<List<Object>, RunResult> repeating = new LinkedHashMap<>();
    index.findings().runs().stream()
        .filter(run -> run.effectiveTokens().orElse(run.tokens()) < 0.995 * run.tokens())
        .forEach(run -> repeating.put(List.of(run.key().mixture(), run.key().budget()), run));
    if (repeating.isEmpty()) {
      return;
    }
    page.heading("Effective tokens where text is repeated")
        .paragraph(
            "Repeated text is worth less than new text. Effective tokens are the new tokens that would be worth as much: U + U·R*·(1 - exp(-R / R*)) for U distinct tokens with R repeats each, R* = 15.39 (Muennighoff et al. 2023). A speed-up counts all training tokens, so it falls as a mixture repeats more of its text.")
        .table(
            HtmlTable.of(repeating.values())
                .words("mixture", run -> run.key().mixture())
                .number("D", run -> run.key().budget())
                .text("repeats", run -> ProvenanceSections.listed(run.repeats(), Numbers::short3))
                .number(
                    "effective tokens", run -> Numbers.count(run.effectiveTokens().orElseThrow()))
                .number(
                    "of all tokens",
                    run -> Numbers.percent(run.effectiveTokens().orElseThrow() / run.tokens())));
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
