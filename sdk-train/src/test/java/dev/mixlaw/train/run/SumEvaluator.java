package dev.mixlaw.train.run;

import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.results.ChoiceAccuracy;
import dev.mixlaw.api.results.DomainLoss;
import dev.mixlaw.api.results.DomainLoss.DocumentLoss;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.api.spi.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Sums losses of documents, window after window. */
final class SumEvaluator implements DomainEvaluator {
  @Override
  public List<DomainLoss> evaluate(
      LanguageModel model, int endOfText, List<TokenizedText> domains) {
    return domains.stream().map(d -> evaluate(model, endOfText, d)).toList();
  }

  /** Takes the choice that is likeliest by itself. */
  @Override
  public List<ChoiceAccuracy> answer(
      LanguageModel model, Tokenizer tokenizer, List<MultipleChoice> tests) {
    return tests.stream().map(test -> answer(model, tokenizer, test)).toList();
  }

  private static ChoiceAccuracy answer(
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
    List<Measurement> measurements =
        Stream.of(Metric.ACC, Metric.ACC_NORM)
            .map(m -> new Measurement(m, Estimate.of(mean, 0, 1), right))
            .toList();
    return new ChoiceAccuracy(test.name(), test.chance(), measurements, 1);
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

  private static DomainLoss evaluate(LanguageModel model, int endOfText, TokenizedText domain) {
    List<DocumentLoss> documents = new ArrayList<>();
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
      documents.add(new DocumentLoss(nats, tokens.length, domain.bytes(d)));
    }
    double nats = documents.stream().mapToDouble(DocumentLoss::nats).sum();
    long tokens = documents.stream().mapToLong(DocumentLoss::tokens).sum();
    long bytes = documents.stream().mapToLong(DocumentLoss::bytes).sum();
    double perToken = nats / tokens;
    double bits = nats / (Math.log(2) * bytes);
    return new DomainLoss(
        domain.facts().name(),
        documents,
        Estimate.of(perToken, perToken - 0.1, perToken + 0.1),
        Estimate.of(bits, bits - 0.1, bits + 0.1));
  }
}
