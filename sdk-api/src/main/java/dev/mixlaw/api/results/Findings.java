package dev.mixlaw.api.results;

import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.nio.file.Path;
import java.util.List;

/**
 * What a study found.
 *
 * <p>A statement beyond 10 times the measured parameters or tokens carries a warning, beyond 100
 * times it is refused unless {@link #extrapolatingFreely} was asked for.
 */
public interface Findings {
  Provenance provenance();

  /** Every run, in the order of the study's grid. */
  List<RunResult> runs();

  /** Macro and micro averages of every completed run. */
  List<MeanLoss> means();

  /** Every mixture against the baseline, by model, budget and domain. */
  List<Comparison> comparisons();

  /** Unit of all losses and differences of these findings. */
  LossUnit lossUnit();

  /**
   * Losses over training tokens with the fitted laws: every mixture at every model it was trained
   * at, on the macro average and each domain.
   */
  List<LossCurve> curves();

  /** Laws that the data carry, by mixture and domain. */
  List<FittedLaw> laws();

  /**
   * Measured best shares at every model and budget of the grid, by corpus, on the macro average and
   * each domain.
   */
  List<BestShare> bestShares();

  /**
   * Speed-ups of every mixture over the baseline at every model and budget of the grid, on the
   * macro average.
   */
  List<Speedup> speedups();

  /**
   * Whether each mixture collapses over tokens, by model, on the macro average; mixtures that were
   * not run at a model are left out.
   */
  List<Collapse> collapses();

  /**
   * How well the runs at every smaller model and budget decide between mixtures for the largest
   * one, on the macro average; empty if the refusals say why not.
   */
  List<DecisionAccuracy> decisionAccuracies();

  /**
   * The best share over the grid of N and D, measured and by a law of shares, of each corpus whose
   * share alone varies among some mixtures; on the macro average, with at most {@value
   * BestShareMap#DEFAULT_MAX_REPEATS} repeats.
   */
  List<BestShareMap> bestShareMaps();

  /**
   * Every two mixtures that differ in nothing but the generator of their synthetic text, by model,
   * budget and domain; empty if there are none.
   */
  List<GeneratorEffect> generatorEffects();

  /**
   * Whether figures of words order mixtures as their losses do at the largest model and budget, by
   * domain and on the macro average; empty if words were not compared. Facts beside losses, never
   * predictors by themselves.
   */
  List<WordCorrelation> wordCorrelations();

  /**
   * How well each mixture's models answer the study's tests of multiple choice, by test, mixture,
   * model and budget; empty if there are none.
   */
  List<ChoiceFinding> choices();

  /** What the data cannot say, and why. */
  List<Refusal> refusals();

  /** Asks for the best share of a corpus. */
  BestShareQuestion bestShare(String corpus);

  /** Asks for the speed-up of a mixture. */
  SpeedupQuestion speedup(String mixture);

  /** The macro loss of a mixture by its laws, in nats per token. */
  Answer<Estimate> loss(String mixture, Params params, Tokens tokens);

  /** The same findings without the limit of 100 times the measured range. */
  Findings extrapolatingFreely();

  /**
   * Writes a self-contained HTML report, and beside it {@code results.json} and {@code runs.jsonl}.
   *
   * @param html the file to write; its directory is made if it is missing
   */
  void report(Path html);

  /** A best share, asked for. */
  interface BestShareQuestion {
    /** The best of the shares that were run: measured there, or by each mixture's own law. */
    Answer<BestShare> at(Params params, Tokens tokens);

    /**
     * The best of all shares between the smallest and the largest that were run, by a law of shares
     * over N and D.
     */
    Answer<BestShare> byLawAt(Params params, Tokens tokens);

    /**
     * Over the study's grid.
     *
     * @param maxRepeats how often a token may be trained on; 1 or more
     */
    BestShareMap map(double maxRepeats);
  }

  /** A speed-up, asked for. */
  interface SpeedupQuestion {
    /** The mixture to compare with. */
    SpeedupQuestion over(String baseline);

    /**
     * What the text of a corpus costs to generate, so that the answer is in cost too; corpora
     * without a price cost nothing.
     *
     * @throws IllegalArgumentException if there is no such corpus
     */
    SpeedupQuestion price(String corpus, GenerationPrice price);

    /** Over the study's baseline, unless {@link #over} named another. */
    Answer<Speedup> at(Params params, Tokens tokens);
  }
}
