package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.nio.file.Path;
import java.util.List;

/**
 * The findings of a study.
 *
 * <p>Extrapolating to more than 10 times the measured parameters or tokens results in a warning.
 * Extrapolating to more than 100 times is not possible, unless {@link #extrapolatingFreely} is
 * called.
 */
public interface Findings {
  /** Returns the description of the study, its text and its engine. */
  Provenance provenance();

  /**
   * Returns the runs in the order of the plan. Runs at different learning rates are only in {@link
   * #rateChecks}.
   */
  List<RunResult> runs();

  /**
   * Returns these findings if all runs were completed and measured.
   *
   * @throws IllegalStateException if a run was not completed or not measured; the message lists
   *     these runs with their outcomes
   */
  default Findings requireComplete() {
    List<String> others =
        runs().stream()
            .filter(run -> !run.completed())
            .map(run -> "run " + run.key() + ": " + run.outcome())
            .toList();
    if (!others.isEmpty()) {
      throw new IllegalStateException(
          "%s of %s runs were not completed; run the study again, or correct the cause:\n%s"
              .formatted(others.size(), runs().size(), String.join("\n", others)));
    }
    return this;
  }

  /** Returns the macro average and the micro average over domains for every completed run. */
  List<MeanLoss> means();

  /**
   * Returns the answers to the primary questions, in the order of the study. Questions that cannot
   * be answered are omitted. The p-values are adjusted jointly. All other findings are exploratory.
   */
  List<Comparison> primary();

  /**
   * Returns the comparisons of all mixtures with the baseline, for each model, budget and domain.
   */
  List<Comparison> comparisons();

  /**
   * Returns the metric of these findings, which is the loss in nats per token unless {@link #by}
   * was called. All values that are called losses are values of this metric.
   */
  Metric metric();

  /** Returns all metrics that were measured; empty if no run completed. */
  List<Metric> metrics();

  /**
   * Returns the findings of the same runs for another metric. They contain differences, measured
   * best shares and speed-ups. Laws are fitted only if lower values of the metric are better.
   *
   * @throws IllegalArgumentException if the completed runs were not measured with this metric; the
   *     message lists {@link #metrics}
   */
  Findings by(Metric metric);

  /**
   * Returns the curves of loss against training tokens, with the fitted laws. There is a curve for
   * each mixture and model, for the macro average and for each domain.
   */
  List<LossCurve> curves();

  /** Returns the laws that could be fitted, for each mixture and domain. */
  List<FittedLaw> laws();

  /**
   * Returns the best shares of each corpus according to measured losses, for each model and budget.
   * There are best shares for the macro average and for each domain.
   */
  List<BestShare> bestShares();

  /**
   * Returns the speed-ups of all mixtures over the baseline, for each model and budget. The
   * speed-ups refer to the macro average.
   */
  List<Speedup> speedups();

  /**
   * Returns whether each mixture collapses as the number of tokens grows, for each model. The
   * verdicts refer to the macro average. Mixtures that were not run with a model are omitted.
   */
  List<Collapse> collapses();

  /**
   * Returns how reliably runs with smaller models or budgets rank mixtures for the largest model
   * and budget. The ranking is by macro average. If the list is empty, {@link #refusals} contains
   * the reason.
   */
  List<DecisionAccuracy> decisionAccuracies();

  /**
   * Returns the comparisons of the best mixtures at different learning rates, for each factor and
   * pair of mixtures. The list is empty unless {@link dev.mixlaw.api.Study#checkRates} was called.
   */
  List<RateCheck> rateChecks();

  /**
   * Returns maps of the best shares for all models and budgets. There is a map for each corpus
   * whose share is the only difference between some mixtures. The maps refer to the macro average,
   * and allow at most {@value BestShareMap#DEFAULT_MAX_REPEATS} repeats.
   */
  List<BestShareMap> bestShareMaps();

  /**
   * Returns the comparisons of mixtures that differ only in the generator of their synthetic text,
   * for each model, budget and domain.
   */
  List<GeneratorEffect> generatorEffects();

  /**
   * Returns the correlations between word statistics and losses across mixtures, at the largest
   * model and budget. There are correlations for each domain and for the macro average. The list is
   * empty if words were not compared. Word statistics cannot replace training runs.
   */
  List<WordCorrelation> wordCorrelations();

  /**
   * Returns the values of all metrics that are not losses, such as the accuracy on multiple-choice
   * tests. There is a value for each metric, test, mixture, model and budget.
   */
  List<ChoiceFinding> choices();

  /** Returns the questions that the data cannot answer, with the reasons. */
  List<Refusal> refusals();

  /**
   * Returns the difference between two mixtures, or the reason why it cannot be computed. The
   * p-value of a comparison with the baseline of the study at a given model and budget is that of
   * {@link #comparisons}. The p-values of all other comparisons are not corrected for multiple
   * comparisons.
   *
   * @throws IllegalArgumentException if a mixture or the domain does not exist
   */
  Answer<Comparison> compare(Question question);

  /**
   * Returns a query for the best share of a corpus.
   *
   * @throws IllegalArgumentException if no mixture contains the corpus
   */
  BestShareQuestion bestShare(String corpus);

  /**
   * Returns a query for the speed-up of a mixture.
   *
   * @throws IllegalArgumentException if the mixture does not exist
   */
  SpeedupQuestion speedup(String mixture);

  /**
   * Returns the macro average of a mixture's loss in nats per token, as predicted by its laws.
   *
   * @throws IllegalArgumentException if the mixture does not exist
   */
  Answer<Estimate> loss(String mixture, Params params, Tokens tokens);

  /**
   * Returns a design of the next runs for the loss of a mixture at a model size and budget, or for
   * the differences between the first mixture and each other mixture. If the mixtures were run at
   * this point, more seeds at this point are chosen. Otherwise, the runs that improve the
   * predicting laws are chosen.
   *
   * <p>The candidates are all combinations of mixtures, models and budgets of these findings, with
   * new seeds. A study therefore begins with at least one run of each model and of each budget. A
   * new seed is measured at all budgets up to its largest one, D, and its compute is 6·N·D.
   *
   * @param mixtures names of the mixtures, at least one
   * @throws IllegalArgumentException if there are no mixtures, or if one of them does not exist
   */
  RunDesign<RunKey> design(Params params, Tokens tokens, String... mixtures);

  /**
   * Returns the same findings, but allows extrapolation to more than 100 times the measured range.
   */
  Findings extrapolatingFreely();

  /**
   * Returns the main results in at most eight sentences, plus one for each primary question and one
   * for the learning rates if they were checked. The report begins with these sentences.
   */
  List<String> summary();

  /**
   * Writes a self-contained HTML report, and {@code results.json} and {@code runs.jsonl} in the
   * same directory.
   *
   * @param html the file to write; its directory is created if it is missing
   * @throws dev.mixlaw.api.MixlawException if a file cannot be written
   */
  void report(Path html);

  /** A query for the best share of a corpus. */
  interface BestShareQuestion {
    /**
     * Returns the best of the shares that were run. The losses are measured, or predicted by the
     * law of each mixture.
     */
    Answer<BestShare> at(Params params, Tokens tokens);

    /**
     * Returns the best share between the smallest and the largest share that were run. The best
     * share is predicted by a law over shares, N and D.
     */
    Answer<BestShare> byLawAt(Params params, Tokens tokens);

    /**
     * Returns the best shares for all models and budgets.
     *
     * @param maxRepeats how often a token may be trained on, at least 1
     * @throws IllegalArgumentException if {@code maxRepeats} is below 1
     */
    BestShareMap map(double maxRepeats);
  }

  /** A query for the speed-up of a mixture over a baseline. */
  interface SpeedupQuestion {
    /** Sets the baseline; the baseline of the study by default. */
    SpeedupQuestion over(String baseline);

    /**
     * Sets the price of generating the text of a corpus, so that the result includes the cost. Text
     * from corpora without a price is free.
     *
     * @throws IllegalArgumentException if the corpus does not exist
     */
    SpeedupQuestion price(String corpus, GenerationPrice price);

    /** Returns the speed-up at a model size and budget. */
    Answer<Speedup> at(Params params, Tokens tokens);
  }
}
