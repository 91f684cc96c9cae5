package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.Collapse;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Speedup;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.report.FindingsIndex.GridPoint;
import dev.mixlaw.eval.stats.Contrast;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The main results in at most eight sentences, plus one for each primary question and one for the
 * learning rates if they were checked. The sentences describe the largest model. Differences and
 * best shares cover all of its budgets.
 */
final class Summary {
  /** Share of resamples above which "never" is stated without qualification. */
  private static final double SURE = 0.95;

  private final FindingsIndex index;
  private final GridPoint at;

  private final List<Comparison> here;

  private final List<String> sentences = new ArrayList<>();

  private Summary(FindingsIndex index, GridPoint largest) {
    this.index = index;
    at = largest;
    here = index.comparisons(at.model());
  }

  static List<String> of(FindingsIndex index) {
    Optional<GridPoint> largest = index.largest();
    if (largest.isEmpty()) {
      return List.of("No run was completed, so there are no results.");
    }
    Summary summary = new Summary(index, largest.get());
    summary.primary();
    summary.comparisons();
    summary.bestShares();
    summary.speedups();
    summary.floors();
    ComparisonSections.rateSentence(index.findings().rateChecks())
        .ifPresent(summary.sentences::add);
    summary.refused();
    return summary.sentences;
  }

  private void primary() {
    for (Comparison c : index.findings().primary()) {
      Numbers.Formatted difference = Numbers.difference(c.difference());
      sentences.add(
          Texts.format(
              "Primary question: %s against %s at %s parameters and %s training tokens, %s: %s %s (%s), %s.",
              c.mixture(),
              c.baseline(),
              c.model(),
              c.budget(),
              FindingsIndex.domainName(c.domain()),
              difference.value(),
              index.unit(),
              difference.range(),
              ComparisonSections.conclusion(c, index.unit())));
    }
  }

  private void comparisons() {
    String counts = counts();
    if (counts.isEmpty()) {
      sentences.add("There is no mixture to compare with " + index.baseline() + ".");
      return;
    }
    String exploratory =
        index.findings().primary().isEmpty()
            ? "No primary question was named before the run (Study.asks), so all results are exploratory."
            : "Everything but the primary questions is exploratory.";
    sentences.add(
        Texts.format(
            "Of the comparisons with %s (mean of all domains), %s are significant after correction for multiple testing. %s",
            index.baseline(), counts, exploratory));
    int better = index.findings().metric().higherIsBetter() ? 1 : -1;
    significant(better, "better");
    significant(-better, "worse");
    open(here.stream().filter(c -> !c.significant()).toList());
  }

  /** Formats counts such as {@code 10 of 30 at 100k parameters, 9 of 30 at 50k}. */
  private String counts() {
    return index.largestFirst().stream()
        .filter(model -> !index.comparisons(model).isEmpty())
        .map(
            model ->
                Texts.format(
                    "%s of %s at %s%s",
                    index.comparisons(model).stream().filter(Comparison::significant).count(),
                    index.comparisons(model).size(),
                    model,
                    model.equals(at.model()) ? " parameters" : ""))
        .collect(Collectors.joining(", "));
  }

  private void significant(int sign, String word) {
    Predicate<Comparison> wanted =
        c -> c.significant() && Math.signum(c.difference().value()) == sign;
    Comparator<Comparison> size = Comparator.comparingDouble(c -> sign * c.difference().value());
    Optional<Comparison> most = here.stream().filter(wanted).max(size);
    if (most.isEmpty()) {
      sentences.add(
          Texts.format(
              "At %s parameters, no mixture is significantly %s than %s.",
              at.model(), word, index.baseline()));
      return;
    }
    Comparison c = most.get();
    // Selected differences are overestimated on average. The interval corrects for the selection.
    List<Comparison> corrected = here.stream().filter(o -> o.budget().equals(c.budget())).toList();
    double several =
        (double) corrected.size() / corrected.stream().filter(Comparison::significant).count();
    Numbers.Formatted difference =
        Numbers.difference(Contrast.simultaneous(c.difference(), c.degreesOfFreedom(), several));
    String which = Texts.format("%s %s (%s)", difference.value(), index.unit(), difference.range());
    if (here.stream().filter(wanted).count() > 1) {
      which =
          Texts.format(
              "the largest difference is that of %s with %s tokens, %s",
              c.mixture(), c.budget(), which);
    }
    sentences.add(
        Texts.format(
            "At %s parameters, %s than %s: %s; %s.",
            at.model(), word, index.baseline(), places(here, wanted), which));
  }

  private void open(List<Comparison> open) {
    if (open.isEmpty()) {
      return;
    }
    boolean tested = open.get(0).degreesOfFreedom() > 0;
    sentences.add(
        Texts.format(
            "At %s parameters, no significant difference from %s (95 %%): %s. %s",
            at.model(),
            index.baseline(),
            places(open, c -> true),
            tested
                ? Texts.format(
                    "With 80 %% power the study detects %s; more seeds would detect smaller differences.",
                    detectable(open))
                : "Nothing was tested, because the seed noise is unknown: run %s with 3 seeds."
                    .formatted(index.baseline())));
  }

  /**
   * States which true difference every comparison would detect with 80 % power, at the smallest and
   * at the largest budget.
   */
  private String detectable(List<Comparison> open) {
    TreeMap<Tokens, Double> byBudget = new TreeMap<>();
    open.forEach(c -> byBudget.merge(c.budget(), c.detectable(), Math::max));
    return Stream.of(byBudget.firstEntry(), byBudget.lastEntry())
        .distinct()
        .map(
            e ->
                Texts.format(
                    "%s %s with %s tokens",
                    Numbers.rounded(e.getValue()), index.unit(), e.getKey()))
        .collect(Collectors.joining(" and "));
  }

  private String places(List<Comparison> all, Predicate<Comparison> wanted) {
    return index.others().stream()
        .flatMap(
            mixture -> {
              List<Tokens> budgets =
                  all.stream()
                      .filter(c -> c.mixture().equals(mixture) && wanted.test(c))
                      .map(Comparison::budget)
                      .sorted()
                      .toList();
              return budgets.isEmpty()
                  ? Stream.of()
                  : Stream.of(mixture + " with " + listed(budgets) + " tokens");
            })
        .collect(Collectors.joining("; "));
  }

  /** Lists budgets. Three or more consecutive budgets of the study become a range. */
  private String listed(List<Tokens> budgets) {
    List<Tokens> all = here.stream().map(Comparison::budget).distinct().sorted().toList();
    List<String> parts = new ArrayList<>();
    for (int from = 0; from < budgets.size(); ) {
      int first = all.indexOf(budgets.get(from));
      int to = from;
      while (to + 1 < budgets.size() && all.indexOf(budgets.get(to + 1)) == first + to + 1 - from) {
        to++;
      }
      if (to - from >= 2) {
        parts.add(budgets.get(from) + " to " + budgets.get(to));
        from = to + 1;
      } else {
        parts.add(budgets.get(from++).toString());
      }
    }
    return String.join(", ", parts);
  }

  private void bestShares() {
    String text =
        index.findings().bestShares().stream()
            .filter(b -> b.domain().equals(FittedLaw.MACRO))
            .filter(b -> b.params().count() == index.models().get(at.model()))
            .collect(Collectors.groupingBy(BestShare::corpus, TreeMap::new, Collectors.toList()))
            .entrySet()
            .stream()
            .map(e -> e.getKey() + " " + bestShare(e.getValue()))
            .collect(Collectors.joining("; "));
    if (!text.isEmpty()) {
      sentences.add(
          Texts.format("Best of the shares tried at %s parameters: %s.", at.model(), text));
    }
  }

  private static String bestShare(List<BestShare> all) {
    List<BestShare> sorted =
        all.stream().sorted(Comparator.comparing(BestShare::tokens)).distinct().toList();
    return Stream.of(sorted.get(0), sorted.get(sorted.size() - 1))
        .distinct()
        .map(
            best ->
                Texts.format(
                    "%s with %s tokens (%s)",
                    Numbers.percent(best.share()),
                    best.tokens(),
                    best.asGood().low() < best.asGood().high()
                        ? Numbers.percents(best.asGood()) + " not significantly worse"
                        : "all others significantly worse"))
        .collect(Collectors.joining(", "));
  }

  private void speedups() {
    List<String> sure = new ArrayList<>();
    List<String> open = new ArrayList<>();
    for (Speedup speedup : index.findings().speedups()) {
      Optional<Speedup.Ratio> best = speedup.best();
      if (best.isEmpty()
          || !speedup.domain().equals(FittedLaw.MACRO)
          || !index.isAt(speedup.params(), speedup.tokens(), at)) {
        continue;
      }
      boolean significant =
          best.get().times().map(t -> !t.interval().contains(1)).orElse(best.get().never() >= SURE);
      (significant ? sure : open)
          .add(
              Texts.format(
                  "%s %s, %s",
                  speedup.mixture(),
                  ComparisonSections.formatted(best.get()),
                  speedup.fitted().toOptional().isPresent() ? "fitted" : "measured"));
    }
    if (!sure.isEmpty() || !open.isEmpty()) {
      sentences.add(
          Texts.format(
              "Speed-up in tokens over %s at %s parameters and %s tokens (below 1×, the mixture needs more tokens for the same loss): %s%s.",
              index.baseline(),
              at.model(),
              at.budget(),
              String.join("; ", sure),
              open.isEmpty()
                  ? ""
                  : (sure.isEmpty() ? "" : "; ") + "not significant: " + String.join("; ", open)));
    }
  }

  private void floors() {
    String collapse = floors(Collapse.Outcome.COLLAPSE);
    String higher = floors(Collapse.Outcome.HIGHER_FLOOR);
    String mixtures =
        Stream.of(
                collapse.isEmpty() ? "" : collapse + " (collapse)",
                higher.isEmpty() ? "" : higher + " (higher floor)")
            .filter(s -> !s.isEmpty())
            .collect(Collectors.joining("; "));
    if (!mixtures.isEmpty()) {
      sentences.add(
          Texts.format(
              "Extrapolated with the laws to ever more tokens, at %s parameters, the loss stays above that of %s for %s.",
              at.model(), index.baseline(), mixtures));
    }
  }

  private String floors(Collapse.Outcome outcome) {
    return index.findings().collapses().stream()
        .filter(c -> c.model().equals(at.model()) && c.outcome() == outcome)
        .map(Collapse::mixture)
        .collect(Collectors.joining(", "));
  }

  private void refused() {
    int refused = index.findings().refusals().size();
    if (refused > 0) {
      sentences.add(
          Texts.format(
              "%s refused because the data do not support %s; see Refused for reasons and remedies.",
              (refused == 1 ? "1 statement was" : refused + " statements were"),
              (refused == 1 ? "it" : "them")));
    }
  }
}
