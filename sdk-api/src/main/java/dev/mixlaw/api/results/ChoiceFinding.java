package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Accuracy of the models trained on one mixture on a multiple-choice test, at one model size and
 * budget.
 *
 * @param test name
 * @param mixture name
 * @param model name
 * @param budget training tokens
 * @param seeds number of completed runs in the means
 * @param questions number of questions
 * @param chance chance level: accuracy of random choices
 * @param plain mean accuracy ({@code acc}), with a bootstrap confidence interval over questions
 * @param byBytes mean accuracy normalised by bytes ({@code acc_norm}), with a bootstrap confidence
 *     interval over questions
 * @param byTokens mean accuracy normalised by tokens, with a bootstrap confidence interval over
 *     questions
 * @param seedSpread standard deviation of {@code byBytes} between seeds at this model and budget,
 *     pooled over all points of the test, as is done for losses; empty if no point has two seeds
 * @param difference difference in {@code byBytes} from the baseline, paired by question, including
 *     the seed noise if it is known; empty for the baseline, and if the baseline was not run
 */
public record ChoiceFinding(
    String test,
    String mixture,
    String model,
    Tokens budget,
    int seeds,
    int questions,
    double chance,
    Estimate plain,
    Estimate byBytes,
    Estimate byTokens,
    OptionalDouble seedSpread,
    Optional<Comparison> difference) {

  /** Returns this finding with another difference from the baseline. */
  public ChoiceFinding withDifference(Comparison newDifference) {
    return new ChoiceFinding(
        test,
        mixture,
        model,
        budget,
        seeds,
        questions,
        chance,
        plain,
        byBytes,
        byTokens,
        seedSpread,
        Optional.of(newDifference));
  }
}
