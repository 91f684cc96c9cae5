package dev.mixlaw.train.run;

import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.api.spi.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** An evaluator that sums the losses of each document over consecutive windows. */
final class SumEvaluator implements DomainEvaluator {
  @Override
  public List<Measurement> evaluate(
      LanguageModel model, int endOfText, List<TokenizedText> domains) {
    return domains.stream().flatMap(d -> evaluate(model, endOfText, d).stream()).toList();
  }

  /** Chooses the answer with the highest probability, without regard to the question. */
  @Override
  public List<Measurement> answer(
      LanguageModel model, Tokenizer tokenizer, List<MultipleChoice> tests) {
    return tests.stream().flatMap(test -> answer(model, tokenizer, test).stream()).toList();
  }

  private static List<Measurement> answer(
      LanguageModel model, Tokenizer tokenizer, MultipleChoice test) {
    List<Double> right = new ArrayList<>();
    for (MultipleChoice.Question question : test.questions()) {
      double[] nats =
          question.choices().stream().mapToDouble(c -> loss(model, tokenizer, c)).toArray();
      int least = 0;
      for (int i = 1; i < nats.length; i++) {
        least = nats[i] < nats[least] ? i : least;
      }
      right.add(least == question.answer() ? 1.0 : 0.0);
    }
    double mean = right.stream().mapToDouble(x -> x).average().orElseThrow();
    return Stream.of(Metric.ACC, Metric.ACC_NORM)
        .map(
            m ->
                new Measurement(
                    test.name(),
                    m,
                    Estimate.of(mean, 0, 1),
                    right,
                    List.of(),
                    Map.of("chance", test.chance(), "cut", 1.0)))
        .toList();
  }

  private static double loss(LanguageModel model, Tokenizer tokenizer, String text) {
    int[] ids = tokenizer.encode(text);
    int[] row = new int[ids.length + 1];
    row[0] = tokenizer.endOfText();
    System.arraycopy(ids, 0, row, 1, ids.length);
    float[] losses = new float[ids.length];
    model.losses(row, 1, ids.length, losses);
    double sum = 0;
    for (float loss : losses) {
      sum += loss;
    }
    return sum;
  }

  private static List<Measurement> evaluate(
      LanguageModel model, int endOfText, TokenizedText domain) {
    List<Double> scores = new ArrayList<>();
    List<Double> lengths = new ArrayList<>();
    List<Double> sizes = new ArrayList<>();
    for (int d = 0; d < domain.documents(); d++) {
      int[] tokens = domain.tokens(d);
      double nats = 0;
      int previous = endOfText;
      for (int from = 0; from < tokens.length; from += model.context()) {
        int length = Math.min(model.context(), tokens.length - from);
        int[] row = new int[length + 1];
        row[0] = previous;
        System.arraycopy(tokens, from, row, 1, length);
        float[] losses = new float[length];
        model.losses(row, 1, length, losses);
        for (float loss : losses) {
          nats += loss;
        }
        previous = row[length];
      }
      scores.add(nats);
      lengths.add((double) tokens.length);
      sizes.add(Math.log(2) * domain.bytes(d));
    }
    return List.of(
        loss(domain, Metric.NATS_PER_TOKEN, scores, lengths),
        loss(domain, Metric.BITS_PER_BYTE, scores, sizes));
  }

  private static Measurement loss(
      TokenizedText domain, Metric metric, List<Double> scores, List<Double> weights) {
    double value =
        scores.stream().mapToDouble(x -> x).sum() / weights.stream().mapToDouble(x -> x).sum();
    Estimate estimate = Estimate.of(value, value - 0.1, value + 0.1);
    return new Measurement(domain.facts().name(), metric, estimate, scores, weights, Map.of());
  }
}
