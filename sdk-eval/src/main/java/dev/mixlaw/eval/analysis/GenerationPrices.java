package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.GenerationPrice;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.results.Speedup.Cost;
import dev.mixlaw.api.results.Speedup.Ratio;
import dev.mixlaw.api.units.Params;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/**
 * Converts speed-ups in tokens to speed-ups in cost, which include the price of generated text.
 *
 * <p>The training of a token costs 6·N FLOPs. Its generation costs p FLOPs, where p is the average
 * price of the corpora of a mixture, weighted by share. The ratio of costs is the ratio of tokens
 * times (6·N + p_0) / (6·N + p_m).
 */
record GenerationPrices(Map<String, GenerationPrice> byCorpus) {
  private static final double TRAINING = 6;

  GenerationPrices {
    byCorpus = Collections.unmodifiableMap(byCorpus);
  }

  static GenerationPrices none() {
    return new GenerationPrices(Map.of());
  }

  GenerationPrices with(String corpus, GenerationPrice price) {
    Map<String, GenerationPrice> more = new TreeMap<>(byCorpus);
    more.put(corpus, price);
    return new GenerationPrices(more);
  }

  /** Returns the speed-up in cost, or empty if there are no prices. */
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

  /** Returns the FLOPs of generation per training token. */
  private double price(Map<String, Double> shares) {
    double sum = 0;
    for (Map.Entry<String, Double> e : shares.entrySet()) {
      GenerationPrice price = byCorpus.get(e.getKey());
      sum += price == null ? 0 : e.getValue() * price.flopsPerTokenTrained();
    }
    return sum;
  }

  private static Answer<Ratio> times(Answer<Ratio> answer, double factor) {
    return answer
        .map(ratio -> ratio.map(x -> factor * x))
        .mapRefusal(
            r ->
                new Refusal(
                    r.question() + " in cost",
                    "the speed-up in tokens was refused: " + r.reason(),
                    r.remedy()));
  }

  private static Answer<Estimate> breakEven(
      Answer<Ratio> answer, DoubleUnaryOperator price, double priced) {
    String question = "break-even price of generated text";
    if (priced == 0) {
      return Answer.refused(
          question,
          "no corpus of the mixture has a price",
          "set the price of one of its corpora (SpeedupQuestion.price)");
    }
    return answer
        .withQuestion(question)
        .flatMap(
            ratio ->
                ratio
                    .map(price)
                    .times()
                    .map(Answer::known)
                    .orElseGet(
                        () ->
                            Answer.refused(
                                question,
                                "the mixture never reaches the baseline's loss",
                                "try a mixture with a lower loss floor")));
  }
}
