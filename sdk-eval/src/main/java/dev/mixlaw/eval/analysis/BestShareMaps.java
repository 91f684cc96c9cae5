package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.BestShareMap;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
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
    List<BestShareMap.Cell> cells = new ArrayList<>();
    own.ifPresent(
        l ->
            predictor
                .grid()
                .models()
                .forEach(
                    m ->
                        predictor
                            .grid()
                            .budgets()
                            .forEach(b -> cells.add(cell(l.axis(), limits, m, b)))));
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
              "every share repeats a corpus too often",
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
}
