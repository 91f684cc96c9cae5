package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.BestShareMap;
import dev.mixlaw.api.results.ChoiceFinding;
import dev.mixlaw.api.results.Collapse;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.DecisionAccuracy;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.GenerationPrice;
import dev.mixlaw.api.results.GeneratorEffect;
import dev.mixlaw.api.results.LossCurve;
import dev.mixlaw.api.results.MeanLoss;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.Question;
import dev.mixlaw.api.results.RateCheck;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.results.RunDesign;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.Speedup;
import dev.mixlaw.api.results.WordCorrelation;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.analysis.BestShareMaps.AllowedShares;
import dev.mixlaw.eval.analysis.SpeedupCalculator.GenerationPrices;
import dev.mixlaw.eval.report.Reports;
import dev.mixlaw.eval.stats.OptimalDesign;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The immutable findings of a study, with laws that answer questions about other model sizes and
 * budgets.
 *
 * @param atOtherRates runs with another learning rate, which are not in the grid
 * @param predictions laws that predict losses; empty if no run was completed
 */
record StudyFindings(
    Provenance provenance,
    StudyGrid grid,
    List<RunResult> atOtherRates,
    List<MeanLoss> means,
    List<Comparison> primary,
    List<Comparison> comparisons,
    List<FittedLaw> laws,
    List<BestShare> bestShares,
    List<Speedup> speedups,
    List<Collapse> collapses,
    List<DecisionAccuracy> decisionAccuracies,
    List<RateCheck> rateChecks,
    List<GeneratorEffect> generatorEffects,
    List<WordCorrelation> wordCorrelations,
    List<ChoiceFinding> choices,
    List<Refusal> refusals,
    Optional<StudyFindings.Predictions> predictions)
    implements Findings {
  record Predictions(LossPredictor losses, BestShareMaps shares) {
    Predictions extrapolatingFreely() {
      return new Predictions(losses.extrapolatingFreely(), shares.extrapolatingFreely());
    }
  }

  @Override
  public List<RunResult> runs() {
    return grid.runs();
  }

  @Override
  public Metric metric() {
    return grid.metric();
  }

  @Override
  public List<Metric> metrics() {
    return grid.metrics();
  }

  @Override
  public Findings by(Metric metric) {
    if (!metrics().contains(metric)) {
      throw new IllegalArgumentException(
          Texts.format(
              "metric %s: not measured; expected one of %s",
              metric.name(), String.join(", ", metrics().stream().map(Metric::name).toList())));
    }
    List<RunResult> all = Stream.concat(runs().stream(), atOtherRates.stream()).toList();
    return new StudyAnalyst(grid.seed()).analyze(provenance, all, metric);
  }

  @Override
  public List<LossCurve> curves() {
    return predictions
        .map(p -> new LossCurves(grid, means, laws, p.losses().laws()).all())
        .orElse(List.of());
  }

  @Override
  public List<BestShareMap> bestShareMaps() {
    return predictions.map(p -> p.shares().all(BestShareMap.DEFAULT_MAX_REPEATS)).orElse(List.of());
  }

  @Override
  public Answer<Comparison> compare(Question question) {
    String mixture = grid.requireMixture(question.mixture());
    Question asked =
        question.withoutRule().with(grid.requireMixture(question.other().orElse(grid.baseline())));
    return comparisons.stream()
        .filter(c -> c.mixture().equals(mixture) && Question.of(c).equals(asked))
        .findFirst()
        .map(c -> Answer.known(c))
        .or(
            () ->
                series(grid.requireDomain(asked.domain()))
                    .map(s -> Comparisons.answer(asked, grid, s)))
        .orElseGet(() -> nothingMeasured(asked.toString()));
  }

  /** Returns the losses on a domain, resampled again unless it is the macro average. */
  private Optional<LossSeries> series(String domain) {
    return predictions.map(
        p ->
            domain.equals(FittedLaw.MACRO)
                ? p.losses().series()
                : ResampledLosses.domain(grid, domain));
  }

  @Override
  public BestShareQuestion bestShare(String corpus) {
    return new ShareQuestion(predictions, grid.requireCorpus(corpus));
  }

  private record ShareQuestion(Optional<Predictions> predictions, String corpus)
      implements BestShareQuestion {
    @Override
    public Answer<BestShare> at(Params params, Tokens tokens) {
      return predictions
          .map(p -> BestShareCalculator.at(p.losses(), corpus, params, tokens))
          .orElseGet(() -> nothingMeasured("best share of " + corpus));
    }

    @Override
    public Answer<BestShare> byLawAt(Params params, Tokens tokens) {
      return predictions
          .map(p -> p.shares().byLaw(corpus, params, tokens))
          .orElseGet(() -> nothingMeasured("best of all shares of " + corpus));
    }

    @Override
    public BestShareMap map(double maxRepeats) {
      AllowedShares.require(maxRepeats);
      return predictions
          .map(p -> p.shares().map(corpus, maxRepeats))
          .orElseGet(
              () -> new BestShareMap(corpus, FittedLaw.MACRO, maxRepeats, List.of(), List.of()));
    }
  }

  @Override
  public SpeedupQuestion speedup(String mixture) {
    return new RatioQuestion(
        this, grid.requireMixture(mixture), grid.baseline(), GenerationPrices.none());
  }

  private record RatioQuestion(
      StudyFindings findings, String mixture, String baseline, GenerationPrices prices)
      implements SpeedupQuestion {
    @Override
    public SpeedupQuestion over(String other) {
      return new RatioQuestion(findings, mixture, findings.grid.requireMixture(other), prices);
    }

    @Override
    public SpeedupQuestion price(String corpus, GenerationPrice price) {
      return new RatioQuestion(
          findings, mixture, baseline, prices.with(findings.grid.requireCorpus(corpus), price));
    }

    @Override
    public Answer<Speedup> at(Params params, Tokens tokens) {
      return findings
          .predictions
          .map(p -> new SpeedupCalculator(p.losses(), prices).at(mixture, baseline, params, tokens))
          .orElseGet(() -> nothingMeasured("speed-up of " + mixture + " over " + baseline));
    }
  }

  @Override
  public Answer<Estimate> loss(String mixture, Params params, Tokens tokens) {
    grid.requireMixture(mixture);
    return predictions
        .map(p -> p.losses().loss(mixture, params, tokens))
        .orElseGet(() -> nothingMeasured("loss of " + mixture))
        .flatMap(loss -> Answer.known(loss.estimate(), loss.warnings()));
  }

  @Override
  public RunDesign<RunKey> design(Params params, Tokens tokens, String... mixtures) {
    if (mixtures.length == 0) {
      throw new IllegalArgumentException("mixtures: none; expected at least one");
    }
    List<String> names = Arrays.stream(mixtures).map(grid::requireMixture).distinct().toList();
    return predictions
        .map(p -> StudyDesign.of(p.losses(), params, tokens, names))
        .orElseGet(() -> new OptimalDesign<>("next runs", nothingMeasured("next runs")));
  }

  private static <T> Answer<T> nothingMeasured(String question) {
    return Answer.refused(
        question, "no run completed", "correct the cause of the failures and run the study again");
  }

  @Override
  public Findings extrapolatingFreely() {
    return new StudyFindings(
        provenance,
        grid,
        atOtherRates,
        means,
        primary,
        comparisons,
        laws,
        bestShares,
        speedups,
        collapses,
        decisionAccuracies,
        rateChecks,
        generatorEffects,
        wordCorrelations,
        choices,
        refusals,
        predictions.map(Predictions::extrapolatingFreely));
  }

  @Override
  public List<String> summary() {
    return Reports.summary(this);
  }

  @Override
  public void report(Path html) {
    Reports.write(this, html);
  }

  @Override
  public String toString() {
    return Texts.format(
        "study %s: %s of %s runs completed, %s laws, %s refusals",
        provenance.study(), means.size(), runs().size(), laws.size(), refusals.size());
  }
}
