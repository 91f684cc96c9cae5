package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How well the models of one mixture answer a test of multiple choice at one model size and budget.
 *
 * @param seeds completed runs that these are means of
 * @param chance accuracy of one who guesses
 * @param plain mean accuracy ({@code acc}), with a bootstrap interval over questions
 * @param byBytes normalised by bytes ({@code acc_norm}), likewise
 * @param byTokens normalised by tokens, likewise
 * @param seedSpread standard deviation of {@code byBytes} between seeds, pooled over the test's
 *     points; empty if no point has two
 * @param difference of {@code byBytes} to the baseline, on the same questions in pairs, the noise
 *     of seeds in its interval where it is known; empty for the baseline, and where that was not
 *     run
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
    Optional<Estimate> difference) {
  public ChoiceFinding {
    Objects.requireNonNull(test, "test");
    Objects.requireNonNull(mixture, "mixture");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(budget, "budget");
    Objects.requireNonNull(seedSpread, "seedSpread");
    Objects.requireNonNull(difference, "difference");
  }
}
