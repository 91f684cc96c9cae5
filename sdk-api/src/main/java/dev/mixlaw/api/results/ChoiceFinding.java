package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The value of a metric that is not a loss, such as the accuracy on a multiple-choice test, for the
 * models that were trained on one mixture, at one model size and budget.
 *
 * @param test name of the test or of the table's column
 * @param metric what was measured
 * @param mixture name of the mixture
 * @param model name of the model
 * @param budget number of training tokens
 * @param seeds number of completed runs in the mean
 * @param questions number of questions; 0 if only the value is known, as in a table
 * @param chance chance level: accuracy of random choices; empty if it is not known
 * @param value mean over seeds and questions, with the uncertainty due to questions
 * @param seedSpread standard deviation of the value between seeds at this model and budget, pooled
 *     over all points of the test, as is done for losses; empty if no point has two seeds
 * @param difference difference from the baseline, paired by question, including the seed noise if
 *     it is known; empty for the baseline, and if the baseline was not run
 */
public record ChoiceFinding(
    String test,
    Metric metric,
    String mixture,
    String model,
    Tokens budget,
    int seeds,
    int questions,
    OptionalDouble chance,
    Estimate value,
    OptionalDouble seedSpread,
    Optional<Comparison> difference) {}
