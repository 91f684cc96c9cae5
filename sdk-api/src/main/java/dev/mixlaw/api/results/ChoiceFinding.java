package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The value of a metric on a multiple-choice test for the models that were trained on one mixture,
 * at one model size and budget.
 *
 * @param test name of the test
 * @param metric what was measured
 * @param mixture name of the mixture
 * @param model name of the model
 * @param budget number of training tokens
 * @param seeds number of completed runs in the mean
 * @param questions number of questions
 * @param chance chance level: accuracy of random choices
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
    double chance,
    Estimate value,
    OptionalDouble seedSpread,
    Optional<Comparison> difference) {}
