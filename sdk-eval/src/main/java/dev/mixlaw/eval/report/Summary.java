package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.Collapse;
import dev.mixlaw.api.results.CollapseVerdict;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.MeanLoss;
import dev.mixlaw.api.results.Speedup;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The answer in a few sentences, at the largest model and its largest budget. */
final class Summary {
  /** Share of resamples from which a statement is made without a reservation. */
  private static final double SURE = 0.95;

  private final FindingsIndex grid;
  private final List<String> sentences = new ArrayList<>();

  private Summary(FindingsIndex grid) {
    this.grid = grid;
  }

  static List<String> of(FindingsIndex grid) {
    Summary summary = new Summary(grid);
    summary.write();
    return summary.sentences;
  }

  private void write() {
    Optional<FindingsIndex.Place> largest = grid.largest();
    if (largest.isEmpty()) {
      sentences.add("No run was completed, so nothing can be said.");
      return;
    }
    FindingsIndex.Place at = largest.get();
    ranking(at);
    for (BestShare best : grid.findings().bestShares()) {
      if (best.domain().equals(FittedLaw.MACRO) && grid.isAt(best.params(), best.tokens(), at)) {
        sentences.add(bestShare(best));
      }
    }
    speedups(at);
    collapses(at);
    Findings findings = grid.findings();
    int refused = findings.refusals().size();
    if (refused == 1) {
      sentences.add(
          "One statement was refused because the data cannot carry it; its reason is listed, and"
              + " what would mend it.");
    } else if (refused > 1) {
      sentences.add(
          refused
              + " statements were refused because the data cannot carry them; each is listed with"
              + " its reason and what would mend it.");
    }
  }

  private void ranking(FindingsIndex.Place place) {
    String model = place.model();
    Tokens budget = place.budget();
    Optional<MeanLoss> best =
        grid.findings().means().stream()
            .filter(m -> m.key().model().equals(model) && m.key().budget().equals(budget))
            .min(Comparator.comparingDouble(m -> m.macroNatsPerToken().value()));
    if (best.isEmpty()) {
      return;
    }
    String at = "At " + model + " parameters and " + budget + " training tokens";
    List<Comparison> others =
        grid.mixtures().stream()
            .flatMap(m -> grid.comparison(m, model, budget, FittedLaw.MACRO).stream())
            .sorted(Comparator.comparingDouble(c -> c.difference().value()))
            .toList();
    List<Comparison> better =
        others.stream().filter(c -> c.decided() && c.difference().value() < 0).toList();
    if (better.isEmpty()) {
      sentences.add(
          at
              + ", no mixture is better than "
              + grid.baseline()
              + " alone beyond the noise (mean of all domains).");
    } else {
      Comparison first = better.get(0);
      sentences.add(
          at
              + ", "
              + first.mixture()
              + " is better than "
              + grid.baseline()
              + ": "
              + amount(first)
              + (better.size() > 1
                  ? "; so "
                      + (better.size() == 2 ? "is " : "are ")
                      + names(better.subList(1, better.size()))
                  : "")
              + ".");
    }
    List<Comparison> worse =
        others.stream().filter(c -> c.decided() && c.difference().value() > 0).toList();
    if (!worse.isEmpty()) {
      Comparison last = worse.get(worse.size() - 1);
      sentences.add(
          "Worse than "
              + grid.baseline()
              + ": "
              + names(worse)
              + "; the worst, "
              + last.mixture()
              + ", by "
              + amount(last)
              + ".");
    }
    List<Comparison> open = others.stream().filter(c -> !c.decided()).toList();
    if (!open.isEmpty()) {
      sentences.add(
          "Not told apart from "
              + grid.baseline()
              + " by these runs: "
              + names(open)
              + "; several seeds of them would narrow their ranges.");
    }
  }

  private String amount(Comparison c) {
    return Numbers.difference(c.difference())
        + " "
        + grid.unit()
        + " ("
        + Numbers.differenceRange(c.difference())
        + ")";
  }

  private static String names(List<Comparison> comparisons) {
    return String.join(", ", comparisons.stream().map(Comparison::mixture).toList());
  }

  private static String bestShare(BestShare best) {
    List<String> tried = best.lossByShare().keySet().stream().map(Numbers::percent).toList();
    String others =
        best.asGood().low() < best.asGood().high()
            ? "the noise cannot tell it from shares of " + Numbers.percents(best.asGood())
            : "apart from the others beyond the noise";
    return "Best share of "
        + best.corpus()
        + ": "
        + Numbers.percent(best.share())
        + " of the training tokens, of "
        + String.join(", ", tried.subList(0, tried.size() - 1))
        + " and "
        + tried.get(tried.size() - 1)
        + " tried; "
        + others
        + ".";
  }

  private void speedups(FindingsIndex.Place at) {
    List<String> open = new ArrayList<>();
    for (Speedup speedup : grid.findings().speedups()) {
      if (speedup.domain().equals(FittedLaw.MACRO)
          && grid.isAt(speedup.params(), speedup.tokens(), at)) {
        speedup
            .best()
            .ifPresent(
                ratio -> {
                  String basis =
                      speedup.fitted().toOptional().isPresent() ? "by the laws" : "as measured";
                  String sure = decided(speedup.mixture(), ratio, basis);
                  if (sure.isEmpty()) {
                    open.add(speedup.mixture() + " " + said(ratio) + " " + basis);
                  } else {
                    sentences.add(sure);
                  }
                });
      }
    }
    if (!open.isEmpty()) {
      sentences.add(
          "Whether they reach the loss of "
              + grid.baseline()
              + " sooner or later is open: "
              + String.join("; ", open)
              + ".");
    }
  }

  private void collapses(FindingsIndex.Place at) {
    List<String> found =
        grid.findings().collapses().stream()
            .filter(c -> c.model().equals(at.model()))
            .filter(c -> c.verdict().outcome() == CollapseVerdict.Outcome.COLLAPSE)
            .map(Collapse::mixture)
            .toList();
    if (!found.isEmpty()) {
      sentences.add(
          "By the laws, collapse as tokens grow beyond these budgets, a floor above that of "
              + grid.baseline()
              + ": "
              + String.join(", ", found)
              + ".");
    }
  }

  /** Empty if the interval, or the resamples, allow both. */
  private String decided(String mixture, Speedup.Ratio ratio, String basis) {
    String reaches = mixture + " reaches the loss of " + grid.baseline();
    if (ratio instanceof Speedup.Ratio.Never never) {
      return never.resamples() >= SURE
          ? mixture + " never reaches the loss of " + grid.baseline() + ", " + basis + "."
          : "";
    }
    Speedup.Ratio.Times times = (Speedup.Ratio.Times) ratio;
    if (times.low() <= 1 && times.high() >= 1) {
      return "";
    }
    return reaches
        + (times.value() > 1 ? " sooner, " : " later, ")
        + said(ratio)
        + " as fast in tokens, "
        + basis
        + ".";
  }

  private static String said(Speedup.Ratio ratio) {
    if (ratio instanceof Speedup.Ratio.Never never) {
      return "never, say " + Numbers.percent(never.resamples()) + " of resamples,";
    }
    Speedup.Ratio.Times times = (Speedup.Ratio.Times) ratio;
    return Numbers.ratio(Estimate.of(times.value(), times.low(), times.high()));
  }
}
