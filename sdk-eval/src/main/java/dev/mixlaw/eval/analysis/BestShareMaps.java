package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.BestShareMap;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.analysis.BestShareCalculator.MixturesByShare;
import dev.mixlaw.eval.analysis.LossPredictor.LossDistribution;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The best shares at each model and budget: as measured, according to a law over shares, and within
 * the limits on repeats.
 */
record BestShareMaps(
    LossPredictor predictor, List<TextFacts> corpora, Map<String, ShareLaws> laws) {
  static BestShareMaps of(Provenance provenance, LossPredictor predictor) {
    Map<String, ShareLaws> laws = new LinkedHashMap<>();
    for (MixturesByShare axis : MixturesByShare.all(predictor.grid())) {
      laws.put(
          axis.corpus(),
          new ShareLaws(predictor.grid(), predictor.series(), predictor.laws(), axis));
    }
    return new BestShareMaps(predictor, provenance.corpora(), laws);
  }

  BestShareMaps extrapolatingFreely() {
    return new BestShareMaps(predictor.extrapolatingFreely(), corpora, laws);
  }

  void refuse(RefusalCollector refusals) {
    laws.values().forEach(l -> l.refusal().ifPresent(refusals::add));
  }

  List<BestShareMap> all(double maxRepeats) {
    return laws.keySet().stream().map(corpus -> map(corpus, maxRepeats)).toList();
  }

  /** Returns the map of a corpus, which is empty if its share was not varied independently. */
  BestShareMap map(String corpus, double maxRepeats) {
    AllowedShares limits = new AllowedShares(corpora, maxRepeats);
    Optional<ShareLaws> own = Optional.ofNullable(laws.get(corpus));
    StudyGrid grid = predictor.grid();
    List<BestShareMap.Cell> cells = new ArrayList<>();
    if (own.isPresent()) {
      for (StudyGrid.Model model : grid.models()) {
        grid.budgets().forEach(b -> cells.add(cell(own.get().axis(), limits, model, b)));
      }
    }
    return new BestShareMap(
        corpus,
        predictor.series().domain(),
        maxRepeats,
        cells,
        own.map(ShareLaws::laws).orElse(List.of()));
  }

  private BestShareMap.Cell cell(
      MixturesByShare axis, AllowedShares limits, StudyGrid.Model model, Tokens budget) {
    String at = " at N=" + model.params() + ", D=" + budget;
    NavigableMap<Double, LossDistribution> run =
        BestShareCalculator.measuredAt(predictor.grid(), predictor.series(), axis, model, budget);
    Answer<NavigableMap<Double, LossDistribution>> measured =
        run.size() > 1
            ? Answer.known(run)
            : Answer.refused(
                "measured best share of " + axis.corpus() + at,
                "shares run at this point: " + run.size() + "; at least 2 are needed",
                "run two or more shares at this point");
    Answer<NavigableMap<Double, LossDistribution>> fitted =
        laws.get(axis.corpus()).losses(predictor, model.params(), budget);
    Map<String, Double> rest = axis.rest(predictor.grid());
    Optional<Interval> allowed = limits.allowed(axis.corpus(), rest, budget);
    return new BestShareMap.Cell(
        model.params(),
        budget,
        best(axis, model.params(), budget, measured),
        best(axis, model.params(), budget, fitted),
        allowed,
        best(
            axis,
            model.params(),
            budget,
            within(
                fitted.toOptional().isPresent() ? fitted : measured,
                allowed,
                "best share of " + axis.corpus() + " within repeat limits" + at,
                limits.known(axis.corpus(), rest))));
  }

  private static Answer<NavigableMap<Double, LossDistribution>> within(
      Answer<NavigableMap<Double, LossDistribution>> losses,
      Optional<Interval> allowed,
      String question,
      boolean known) {
    if (allowed.isEmpty()) {
      return known
          ? Answer.refused(
              question,
              "every share uses the text of a corpus too many times",
              "use more text, a smaller budget or a higher repeat limit")
          : Answer.refused(
              question,
              "the number of tokens in a corpus is unknown",
              "use the findings of a study that was run with Mixlaw");
    }
    return losses
        .withQuestion(question)
        .flatMap(
            all -> {
              NavigableMap<Double, LossDistribution> some = new TreeMap<>(all);
              some.keySet().removeIf(share -> !allowed.get().contains(share));
              return some.isEmpty()
                  ? Answer.refused(
                      question, "no allowed share was run", "run mixtures with allowed shares")
                  : Answer.known(some);
            });
  }

  Answer<BestShare> byLaw(String corpus, Params params, Tokens tokens) {
    ShareLaws own = laws.get(corpus);
    return own == null
        ? Answer.refused(
            "best of all shares of " + corpus,
            "no two mixtures differ only in the share of " + corpus,
            BestShareCalculator.REMEDY)
        : best(own.axis(), params, tokens, own.losses(predictor, params, tokens));
  }

  private Answer<BestShare> best(
      MixturesByShare axis,
      Params params,
      Tokens tokens,
      Answer<NavigableMap<Double, LossDistribution>> losses) {
    return losses.flatMap(
        known ->
            Answer.known(
                BestShareCalculator.best(
                    predictor.grid(),
                    axis.corpus(),
                    predictor.series().domain(),
                    params,
                    tokens,
                    known),
                known.firstEntry().getValue().warnings()));
  }

  /** The shares of a corpus at which no corpus exceeds the limit on repeats. */
  static final class AllowedShares {
    private final Map<String, Long> tokens = new LinkedHashMap<>();
    private final double maxRepeats;

    /**
     * Creates limits for corpora of known sizes.
     *
     * @param maxRepeats largest number of times that a token may be trained on, at least 1
     */
    AllowedShares(List<TextFacts> corpora, double maxRepeats) {
      require(maxRepeats);
      corpora.stream().filter(c -> c.tokens() > 0).forEach(c -> tokens.put(c.name(), c.tokens()));
      this.maxRepeats = maxRepeats;
    }

    static void require(double maxRepeats) {
      if (!(maxRepeats >= 1) || Double.isInfinite(maxRepeats)) {
        throw new IllegalArgumentException(
            "maxRepeats: " + maxRepeats + "; expected a finite number of at least 1");
      }
    }

    /**
     * Returns the shares of a corpus that satisfy the limits. A share s is allowed if s·D is at
     * most {@code maxRepeats} times the tokens of the corpus, and if all other corpora satisfy the
     * same condition.
     *
     * @param rest proportions of the other corpora, which sum to 1
     * @return empty if no share is allowed, or if the size of a corpus is unknown
     */
    Optional<Interval> allowed(String corpus, Map<String, Double> rest, Tokens budget) {
      if (!known(corpus, rest)) {
        return Optional.empty();
      }
      double high = Math.min(1, most(corpus, budget));
      double low = 0;
      for (Map.Entry<String, Double> other : rest.entrySet()) {
        low = Math.max(low, 1 - most(other.getKey(), budget) / other.getValue());
      }
      return low <= high ? Optional.of(new Interval(low, high)) : Optional.empty();
    }

    boolean known(String corpus, Map<String, Double> rest) {
      return tokens.containsKey(corpus) && tokens.keySet().containsAll(rest.keySet());
    }

    private double most(String corpus, Tokens budget) {
      return maxRepeats * tokens.get(corpus) / budget.count();
    }
  }
}
