package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.GenerationPrice;
import dev.mixlaw.api.results.Speedup.Ratio;
import dev.mixlaw.api.units.Params;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

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

  /** Returns the FLOPs of a training token of the baseline, divided by those of the mixture. */
  double factor(Map<String, Double> mixture, Map<String, Double> baseline, Params params) {
    double training = TRAINING * params.count();
    return (training + price(baseline)) / (training + price(mixture));
  }

  /**
   * Returns the highest price of the priced text of a mixture at which the mixture costs no more than
   * the baseline.
   *
   * @param ratio speed-up of the mixture in tokens
   */
  Answer<Estimate> breakEven(
      Map<String, Double> mixture,
      Map<String, Double> baseline,
      Params params,
      Answer<Ratio> ratio) {
    String question = "break-even price of generated text";
    double priced =
        mixture.entrySet().stream()
            .filter(e -> byCorpus.containsKey(e.getKey()))
            .mapToDouble(Map.Entry::getValue)
            .sum();
    if (priced == 0) {
      return Answer.refused(
          question,
          "no corpus of the mixture has a price",
          "set the price of one of its corpora (SpeedupQuestion.price)");
    }
    double training = TRAINING * params.count();
    return ratio
        .withQuestion(question)
        .flatMap(
            tokens ->
                tokens
                    .map(s -> ((training + price(baseline)) * s - training) / priced)
                    .times()
                    .map(Answer::known)
                    .orElseGet(
                        () ->
                            Answer.refused(
                                question,
                                "the mixture never reaches the baseline's loss",
                                "try a mixture with a lower loss floor")));
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
}
