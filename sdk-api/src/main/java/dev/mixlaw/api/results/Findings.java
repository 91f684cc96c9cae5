package dev.mixlaw.api.results;

import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.nio.file.Path;
import java.util.List;

/**
 * The findings of a study.
 *
 * <p>An extrapolation beyond 10 times the measured parameters or tokens has a warning. Beyond 100
 * times it is refused, unless {@link #extrapolatingFreely} is called.
 */
public interface Findings {
  /** Returns the description of the study, its text and its engine. */
  Provenance provenance();

  /** Returns every run, in the order of the study's grid. */
  List<RunResult> runs();

  /**
   * Returns these findings if every run was completed and measured.
   *
   * @throws IllegalStateException that names all other runs with their outcomes
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
   * Returns the answers to the primary questions that could be answered, corrected together, in the
   * order in which the study asks them. Everything else is exploratory.
   */
  List<Comparison> primary();

  /** Returns every mixture compared with the baseline, by model, budget and domain. */
  List<Comparison> comparisons();

  /** Unit of all losses and differences of these findings. */
  LossUnit lossUnit();

  /**
   * Losses over training tokens with the fitted laws: every mixture at every model it was trained
   * at, on the macro average and each domain.
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
   * Returns the speed-ups of every mixture over the baseline at every model and budget of the grid,
   * for the macro average.
   */
  List<Speedup> speedups();

  /**
   * Returns whether each mixture collapses as tokens grow, by model, for the macro average.
   * Mixtures that were not run at a model are left out.
   */
  List<Collapse> collapses();

  /**
   * Returns how well the runs at every smaller model and budget rank mixtures for the largest one,
   * for the macro average. If it is empty, a refusal has the reason.
   */
  List<DecisionAccuracy> decisionAccuracies();

  /**
   * Returns maps of the best share over the grid of N and D, measured and by a law over shares.
   * There is one for each corpus whose share alone varies among some mixtures. They are for the
   * macro average, with at most {@value BestShareMap#DEFAULT_MAX_REPEATS} repeats.
   */
  List<BestShareMap> bestShareMaps();

  /**
   * Returns the comparisons of mixtures that differ only in the generator of their synthetic text,
   * by model, budget and domain.
   */
  List<GeneratorEffect> generatorEffects();

  /**
   * Returns how statistics of words correlate with losses over mixtures, at the largest model and
   * budget, by domain and for the macro average. It is empty if words were not compared. Such
   * statistics do not replace training runs.
   */
  List<WordCorrelation> wordCorrelations();

  /**
   * Returns the accuracy of each mixture's models on the study's multiple-choice tests, by test,
   * mixture, model and budget.
   */
  List<ChoiceFinding> choices();

  /** Returns the questions that the data cannot answer, with reasons. */
  List<Refusal> refusals();

  /**
   * Returns a query for the best share of a corpus.
   *
   * @throws IllegalArgumentException if no mixture has such a corpus
   */
  BestShareQuestion bestShare(String corpus);

  /**
   * Returns a query for the speed-up of a mixture.
   *
   * @throws IllegalArgumentException if there is no such mixture
   */
  SpeedupQuestion speedup(String mixture);

  /**
   * Returns the macro loss of a mixture by its laws, in nats per token.
   *
   * @throws IllegalArgumentException if there is no such mixture
   */
  Answer<Estimate> loss(String mixture, Params params, Tokens tokens);

  /** Returns the same findings without the limit of 100 times the measured range. */
  Findings extrapolatingFreely();

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
    /** Returns the best of the shares that were run: measured, or by a law of each mixture. */
    Answer<BestShare> at(Params params, Tokens tokens);

    /**
     * Returns the best share between the smallest and the largest that were run, by a law over
     * shares, N and D.
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
     * of corpora without a price is free.
     *
     * @throws IllegalArgumentException if there is no such corpus
     */
    SpeedupQuestion price(String corpus, GenerationPrice price);

    /** Returns the speed-up at a model size and budget. */
    Answer<Speedup> at(Params params, Tokens tokens);
  }
}
