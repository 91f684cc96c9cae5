package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The value of a metric that is not a loss, such as the accuracy on a multiple-choice test. The
 * value is the mean over the models that were trained on the same mixture, with the same model size
 * and budget.
 *
 * @param test name of the test, or of the column of a table
 * @param metric what was measured
 * @param mixture name of the mixture
 * @param model name of the model
 * @param budget number of training tokens
 * @param seeds number of completed runs in the mean
 * @param questions number of questions; 0 if only the value is known, as in a table
 * @param chance chance level, which is the expected accuracy of random answers; empty if unknown
 * @param value mean over seeds and questions, with the uncertainty due to questions
 * @param seedSpread standard deviation of the value over seeds at this model and budget, pooled
 *     over all mixtures, models and budgets of the test; empty if there are never two seeds
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
