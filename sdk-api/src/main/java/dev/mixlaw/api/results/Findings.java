package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.nio.file.Path;
import java.util.List;

/**
 * The findings of a study.
 *
 * <p>An extrapolation beyond 10 times the measured parameters or tokens produces a warning. Beyond
 * 100 times it is refused, unless {@link #extrapolatingFreely} is called.
 */
public interface Findings {
  /** Returns the description of the study, its text and its engine. */
  Provenance provenance();

  /**
   * Returns every run of the study's grid, in its order. Runs at other learning rates are only in
   * {@link #rateChecks}.
   */
  List<RunResult> runs();

  /**
   * Returns these findings, provided that every run was completed and measured.
   *
   * @throws IllegalStateException if a run was not completed and measured; the message lists such
   *     runs with their outcomes
   */
  default Findings requireComplete() {
    List<String> others =
        runs().stream()
            .filter(run -> !run.completed())
            .map(run -> "run " + run.key() + ": " + run.outcome())
            .toList();
    if (!others.isEmpty()) {
      throw new IllegalStateException(
          others.size()
              + " of "
              + runs().size()
              + " runs were not completed; run the study again, or correct the cause:\n"
              + String.join("\n", others));
    }
    return this;
  }

  /** Returns the macro and micro averages of every completed run. */
  List<MeanLoss> means();

  /**
   * Returns the answers to the primary questions that could be answered, in the order in which the
   * study asks them. They are corrected jointly for multiple comparisons. All other findings are
   * exploratory.
   */
  List<Comparison> primary();

  /** Returns the comparisons of all mixtures with the baseline, by model, budget and domain. */
  List<Comparison> comparisons();

  /**
   * Returns the metric that these findings are about: nats per token for a study. What they call a
   * loss is the value of this metric.
   */
  Metric metric();

  /** Returns all metrics that were measured; empty if no run completed. */
  List<Metric> metrics();

  /**
   * Returns the findings of the same runs for another metric: differences, measured best shares and
   * speed-ups, and, if lower values are better, laws. For other metrics, laws are refused.
   *
   * @throws IllegalArgumentException if the completed runs were not measured with this metric; the
   *     message lists {@link #metrics}
   */
  Findings by(Metric metric);

  /**
   * Returns losses as a function of training tokens, with the fitted laws. There is a curve for
   * every mixture and every model trained on it, for the macro average and for each domain.
   */
  List<LossCurve> curves();

  /** Returns the laws that could be fitted, by mixture and domain. */
  List<FittedLaw> laws();

  /**
   * Returns the measured best shares at every model and budget of the grid, by corpus, for the
   * macro average and each domain.
   */
  List<BestShare> bestShares();

  /**
   * Returns the speed-up of every mixture over the baseline at every model and budget of the grid,
   * for the macro average.
   */
  List<Speedup> speedups();

  /**
   * Returns whether each mixture collapses as tokens grow, by model, for the macro average.
   * Mixtures that were not run with a model are left out.
   */
  List<Collapse> collapses();

  /**
   * Returns how reliably the runs at every smaller model and budget rank mixtures for the largest
   * ones, on the macro average. If the list is empty, a refusal gives the reason.
   */
  List<DecisionAccuracy> decisionAccuracies();

  /**
   * Returns the order of the best mixtures at other learning rates, by factor and pair of mixtures.
   * The list is empty unless the study asks for it with {@link dev.mixlaw.api.Study#checkRates}.
   */
  List<RateCheck> rateChecks();

  /**
   * Returns maps of the best share over the grid of N and D, both measured and from a law over
   * shares. There is one map for each corpus whose share is the only difference between some
   * mixtures. The maps are for the macro average, with at most {@value
   * BestShareMap#DEFAULT_MAX_REPEATS} repeats.
   */
  List<BestShareMap> bestShareMaps();

  /**
   * Returns the comparisons of mixtures that differ only in the generator of their synthetic text,
   * by model, budget and domain.
   */
  List<GeneratorEffect> generatorEffects();

  /**
   * Returns how word statistics correlate with losses across mixtures, at the largest model and
   * budget, by domain and for the macro average. The list is empty if words were not compared. Word
   * statistics do not replace training runs.
   */
  List<WordCorrelation> wordCorrelations();

  /**
   * Returns the values of every metric that is not a loss, such as the accuracy on multiple-choice
   * tests, by metric, test, mixture, model and budget.
   */
  List<ChoiceFinding> choices();

  /** Returns the questions that the data cannot answer, with reasons. */
  List<Refusal> refusals();

  /**
   * Returns a query for the difference between two mixtures.
   *
   * @throws IllegalArgumentException if there is no such mixture
   */
  ComparisonQuestion compare(String mixture, String other);

  /**
   * Returns a query for the best share of a corpus.
   *
   * @throws IllegalArgumentException if no mixture contains such a corpus
   */
  BestShareQuestion bestShare(String corpus);

  /**
   * Returns a query for the speed-up of a mixture.
   *
   * @throws IllegalArgumentException if there is no such mixture
   */
  SpeedupQuestion speedup(String mixture);

  /**
   * Returns the macro loss of a mixture as predicted by its laws, in nats per token.
   *
   * @throws IllegalArgumentException if there is no such mixture
   */
  Answer<Estimate> loss(String mixture, Params params, Tokens tokens);

  /** Returns the same findings without the extrapolation limit of 100 times the measured range. */
  Findings extrapolatingFreely();

  /**
   * Returns the main results in at most eight sentences, plus one for each primary question and one
   * for the learning rates if they were checked. They are the first lines of the report.
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

  /** A query for the difference between two mixtures. */
  interface ComparisonQuestion {
    /** Sets the domain or test; the mean of all domains by default. */
    ComparisonQuestion on(String domain);

    /**
     * Returns the comparison at a measured model and budget, or a refusal if one of the mixtures was
     * not measured there. A comparison with the study's baseline has the p-value of {@link
     * #comparisons}; any other comparison is not corrected for multiple comparisons.
     *
     * @param model name of the model
     */
    Answer<Comparison> at(String model, Tokens budget);
  }

  /** A query for the best share of a corpus. */
  interface BestShareQuestion {
    /**
     * Returns the best of the shares that were run, either measured or predicted by each mixture's
     * law.
     */
    Answer<BestShare> at(Params params, Tokens tokens);

    /**
     * Returns the best share between the smallest and the largest share that were run, as predicted
     * by a law over shares, N and D.
     */
    Answer<BestShare> byLawAt(Params params, Tokens tokens);

    /**
     * Returns the best shares over the study's grid.
     *
     * @param maxRepeats how often a token may be trained on, at least 1
     * @throws IllegalArgumentException if it is below 1
     */
    BestShareMap map(double maxRepeats);
  }

  /** A query for the speed-up of a mixture over a baseline. */
  interface SpeedupQuestion {
    /** Sets the baseline; the study's baseline by default. */
    SpeedupQuestion over(String baseline);

    /**
     * Sets the price of generating the text of a corpus, so that the answer includes the cost. Text
     * from corpora without a price is free.
     *
     * @throws IllegalArgumentException if there is no such corpus
     */
    SpeedupQuestion price(String corpus, GenerationPrice price);

    /** Returns the speed-up at a model size and budget. */
    Answer<Speedup> at(Params params, Tokens tokens);
  }
}
