package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.Collapse;
import dev.mixlaw.api.results.CollapseVerdict;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Speedup;
import dev.mixlaw.eval.report.FindingsIndex.GridPoint;
import dev.mixlaw.eval.stats.Contrast;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The main results in a few sentences, at the largest model and its largest budget. */
final class Summary {
  /** Share of resamples from which "never" is stated without reservation. */
  private static final double SURE = 0.95;

  private final FindingsIndex index;
  private final List<String> sentences = new ArrayList<>();

  private Summary(FindingsIndex index) {
    this.index = index;
  }

  static List<String> of(FindingsIndex index) {
    Summary summary = new Summary(index);
    summary.write();
    return summary.sentences;
  }

  private void write() {
    Optional<GridPoint> largest = index.largest();
    if (largest.isEmpty()) {
      sentences.add("No run was completed, so there are no results.");
      return;
    }
    GridPoint at = largest.get();
    primary();
    ranking(at);
    for (BestShare best : index.findings().bestShares()) {
      if (best.domain().equals(FittedLaw.MACRO) && index.isAt(best.params(), best.tokens(), at)) {
        sentences.add(bestShare(best));
      }
    }
    speedups(at);
    collapses(at);
    int refused = index.findings().refusals().size();
    if (refused > 0) {
      sentences.add(
          Numbers.text(
              "%s refused because the data do not support %s; see Refused for reasons and remedies.",
              (refused == 1 ? "1 statement was" : refused + " statements were"),
              (refused == 1 ? "it" : "them")));
    }
  }

  private void primary() {
    List<Comparison> all = index.findings().primary();
    for (Comparison c : all) {
      Numbers.Formatted difference = Numbers.difference(c.difference());
      sentences.add(
          Numbers.text(
              "Primary question: %s against %s at %s parameters and %s training tokens, %s: %s %s (%s), %s.",
              c.mixture(),
              c.baseline(),
              c.model(),
              c.budget(),
              FindingsIndex.domainName(c.domain()),
              difference.value(),
              index.unit(),
              difference.range(),
              ComparisonTable.conclusion(c, index.unit())));
    }
    sentences.add(
        all.isEmpty()
            ? "No primary question was named before the run (Study.asks), so all of this is"
                + " exploratory."
            : "Everything else is exploratory.");
  }

  private void ranking(GridPoint at) {
    List<Comparison> all =
        index.mixtures().stream()
            .flatMap(m -> index.comparison(m, at, FittedLaw.MACRO).stream())
            .sorted(Comparator.comparingDouble(c -> c.difference().value()))
            .toList();
    List<Comparison> better = significant(all, -1);
    List<Comparison> worse = significant(all, 1);
    List<Comparison> open = all.stream().filter(c -> !c.significant()).toList();
    String place = "At " + at.model() + " parameters and " + at.budget() + " training tokens, ";
    if (better.isEmpty()) {
      sentences.add(
          Numbers.text(
              "%sno mixture is significantly better than %s (95 %%, mean of all domains).",
              place, index.baseline()));
    } else {
      Comparison first = better.get(0);
      List<Comparison> more = better.subList(1, better.size());
      sentences.add(
          place
              + first.mixture()
              + " is better than "
              + index.baseline()
              + ": "
              + amount(first, all.size())
              + (more.isEmpty() ? "" : ". Also better: " + names(more))
              + ".");
    }
    if (!worse.isEmpty()) {
      Comparison last = worse.get(worse.size() - 1);
      sentences.add(
          Numbers.text(
              "Worse than %s: %s. The worst is %s: %s.",
              index.baseline(), names(worse), last.mixture(), amount(last, all.size())));
    }
    if (!open.isEmpty()) {
      boolean tested = open.get(0).degreesOfFreedom() > 0;
      sentences.add(
          Numbers.text(
              "No significant difference from %s (95 %%): %s. %s",
              index.baseline(),
              names(open),
              tested
                  ? "The study detects differences of "
                      + Numbers.rounded(
                          open.stream().mapToDouble(Comparison::detectable).max().orElseThrow())
                      + " "
                      + index.unit()
                      + " with 80 % power; more seeds would narrow the intervals."
                  : "Nothing was tested, because the seed noise is unknown: run "
                      + index.baseline()
                      + " with 3 seeds."));
    }
  }

  /** Returns the significant differences with a given sign. */
  private static List<Comparison> significant(List<Comparison> all, int sign) {
    return all.stream()
        .filter(c -> c.significant() && Math.signum(c.difference().value()) == sign)
        .toList();
  }

  /**
   * Returns a difference that was selected as the largest of several. The largest is overestimated
   * on average, so its interval is a simultaneous one for all of them.
   */
  private String amount(Comparison c, int of) {
    Numbers.Formatted difference =
        Numbers.difference(Contrast.simultaneous(c.difference(), c.degreesOfFreedom(), of));
    return difference.value()
        + " "
        + index.unit()
        + " ("
        + difference.range()
        + (of == 1 ? "" : ", simultaneous interval for all " + of + " mixtures")
        + ")";
  }

  private static String names(List<Comparison> comparisons) {
    return String.join(", ", comparisons.stream().map(Comparison::mixture).toList());
  }

  private static String bestShare(BestShare best) {
    List<String> tried = best.lossByShare().keySet().stream().map(Numbers::percent).toList();
    String others =
        best.asGood().low() < best.asGood().high()
            ? "shares of " + Numbers.percents(best.asGood()) + " are not significantly worse"
            : "all others are significantly worse";
    return Numbers.text(
        "Best share of %s: %s of the training tokens (shares tried: %s and %s); %s.",
        best.corpus(),
        Numbers.percent(best.share()),
        String.join(", ", tried.subList(0, tried.size() - 1)),
        tried.get(tried.size() - 1),
        others);
  }

  private void speedups(GridPoint at) {
    List<String> open = new ArrayList<>();
    for (Speedup speedup : index.findings().speedups()) {
      Optional<Speedup.Ratio> best = speedup.best();
      if (best.isEmpty()
          || !speedup.domain().equals(FittedLaw.MACRO)
          || !index.isAt(speedup.params(), speedup.tokens(), at)) {
        continue;
      }
      String basis = speedup.fitted().toOptional().isPresent() ? "fitted" : "measured";
      String text = SpeedupSection.formatted(best.get()) + ", " + basis;
      String mixture = speedup.mixture();
      Optional<Estimate> times = best.get().times();
      if (times.filter(t -> !t.interval().contains(1)).isPresent()) {
        sentences.add(
            Numbers.text(
                "%s reaches the loss of %s%s: speed-up in tokens %s.",
                mixture, index.baseline(), (times.get().value() > 1 ? " sooner" : " later"), text));
      } else if (times.isEmpty() && best.get().never() >= SURE) {
        sentences.add(
            mixture + " never reaches the loss of " + index.baseline() + ", " + basis + ".");
      } else {
        open.add(mixture + " " + text);
      }
    }
    if (!open.isEmpty()) {
      sentences.add(
          Numbers.text(
              "No significant speed-up over %s: %s.", index.baseline(), String.join("; ", open)));
    }
  }

  private void collapses(GridPoint at) {
    floors(
        at,
        CollapseVerdict.Outcome.COLLAPSE,
        "Collapse as tokens grow, according to the laws (a floor");
    floors(
        at,
        CollapseVerdict.Outcome.HIGHER_FLOOR,
        "A higher floor as tokens grow, according to the laws (E");
  }

  private void floors(GridPoint at, CollapseVerdict.Outcome outcome, String words) {
    List<String> found =
        index.findings().collapses().stream()
            .filter(c -> c.model().equals(at.model()))
            .filter(c -> c.verdict().outcome() == outcome)
            .map(Collapse::mixture)
            .toList();
    if (!found.isEmpty()) {
      sentences.add(
          words + " above that of " + index.baseline() + "): " + String.join(", ", found) + ".");
    }
  }
}
