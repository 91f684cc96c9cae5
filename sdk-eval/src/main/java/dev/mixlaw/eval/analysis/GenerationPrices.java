package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.GenerationPrice;
import dev.mixlaw.api.results.Speedup.Cost;
import dev.mixlaw.api.results.Speedup.Ratio;
import dev.mixlaw.api.units.Params;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/**
 * What the text of some corpora costs, and what speed-ups are worth in cost.
 *
 * <p>Training costs 6·N FLOPs a token and generating p, so the ratio of costs is the ratio of
 * tokens times (6·N + p_0) / (6·N + p_m), with p the mixture's shares times the prices.
 */
final class GenerationPrices {
  private static final double TRAINING = 6;

  private final Map<String, GenerationPrice> byCorpus;

  private GenerationPrices(Map<String, GenerationPrice> byCorpus) {
    this.byCorpus = Collections.unmodifiableMap(byCorpus);
  }

  static GenerationPrices none() {
    return new GenerationPrices(Map.of());
  }

  GenerationPrices with(String corpus, GenerationPrice price) {
    Map<String, GenerationPrice> more = new TreeMap<>(byCorpus);
    more.put(corpus, price);
    return new GenerationPrices(more);
  }

  /**
   * A speed-up in cost; empty without prices.
   *
   * @param mixture shares by corpus
   * @param baseline shares by corpus
   */
  Optional<Cost> cost(
      Map<String, Double> mixture,
      Map<String, Double> baseline,
      Params params,
      Answer<Ratio> fitted,
      Answer<Ratio> measured) {
    if (byCorpus.isEmpty()) {
      return Optional.empty();
    }
    double training = TRAINING * params.count();
    double asBaseline = training + price(baseline);
    double factor = asBaseline / (training + price(mixture));
    double priced =
        mixture.entrySet().stream()
            .filter(e -> byCorpus.containsKey(e.getKey()))
            .mapToDouble(Map.Entry::getValue)
            .sum();
    return Optional.of(
        new Cost(
            times(fitted, factor),
            times(measured, factor),
            breakEven(
                fitted.toOptional().isPresent() ? fitted : measured,
                s -> (asBaseline * s - training) / priced,
                priced)));
  }

  /** FLOPs of generation a token trained on. */
  private double price(Map<String, Double> shares) {
    double sum = 0;
    for (Map.Entry<String, Double> e : shares.entrySet()) {
      GenerationPrice price = byCorpus.get(e.getKey());
      sum += price == null ? 0 : e.getValue() * price.flopsPerTokenTrained();
    }
    return sum;
  }

  private static Answer<Ratio> times(Answer<Ratio> answer, double factor) {
    if (answer instanceof Answer.Refused<Ratio> refused) {
      return Answer.refused(
          refused.refusal().question() + " in cost",
          "it is refused in tokens: " + refused.refusal().reason(),
          refused.refusal().remedy());
    }
    Answer.Known<Ratio> known = (Answer.Known<Ratio>) answer;
    return known.value() instanceof Ratio.Times t
        ? new Answer.Known<>(
            new Ratio.Times(factor * t.value(), factor * t.low(), factor * t.high()),
            known.warnings())
        : answer;
  }

  private static Answer<Estimate> breakEven(
      Answer<Ratio> answer, DoubleUnaryOperator price, double priced) {
    String question = "highest price of generated text that pays";
    if (priced == 0) {
      return Answer.refused(
          question,
          "the mixture has no corpus with a price",
          "a price of one of the mixture's corpora: SpeedupQuestion.price");
    }
    if (answer instanceof Answer.Refused<Ratio> refused) {
      return Answer.refused(question, refused.refusal().reason(), refused.refusal().remedy());
    }
    Answer.Known<Ratio> known = (Answer.Known<Ratio>) answer;
    return known.value() instanceof Ratio.Times t
        ? new Answer.Known<>(
            Estimate.of(
                price.applyAsDouble(t.value()),
                price.applyAsDouble(t.low()),
                price.applyAsDouble(t.high())),
            known.warnings())
        : Answer.refused(
            question,
            "the mixture never reaches the baseline's loss",
            "a mixture with a lower floor");
  }
}
