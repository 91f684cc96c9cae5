package dev.mixlaw.eval.evaluate;

import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.MultipleChoice.Question;
import dev.mixlaw.api.internal.spi.NonFiniteLossException;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.eval.stats.WilsonInterval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Evaluates a model on multiple-choice tests; see the package documentation for the method. The
 * scorer needs memory for about a million tokens or for one question, whichever is more, in
 * addition to the memory for the model.
 */
public final class ChoiceScorer {
  private static final int CHUNK_TOKENS = 1 << 20;

  private static final Map<Metric, Score> SCORES = new LinkedHashMap<>();

  static {
    SCORES.put(Metric.ACC, (q, nats) -> q.correct(nats, c -> 1));
    SCORES.put(Metric.ACC_NORM, (q, nats) -> q.correct(nats, TokenizedChoice::bytes));
    SCORES.put(Metric.ACC_TOKENS, (q, nats) -> q.correct(nats, TokenizedChoice::scored));
    SCORES.put(Metric.CORRECT_PROB_NORM, TokenizedQuestion::probability);
  }

  private final Tokenizer tokenizer;
  private final int context;
  private final WindowScorer scorer;

  public ChoiceScorer(LanguageModel model, Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.context = model.context();
    this.scorer = new WindowScorer(model, tokenizer.beginOfText());
  }

  /**
   * Evaluates the model on a test and returns a measurement for each metric. The detail {@code
   * chance} is the accuracy of random choices. The detail {@code cut} is the number of questions
   * that exceed the context of the model, so that the model sees only their end.
   *
   * @throws IllegalArgumentException if the test has no questions
   * @throws NonFiniteLossException if the loss of a choice is not finite; the message names the
   *     test and the question
   */
  public List<Measurement> answer(MultipleChoice test) {
    if (test.questions().isEmpty()) {
      throw new IllegalArgumentException(
          "test " + test.name() + ": 0 questions; expected at least 1");
    }
    Map<Metric, List<Double>> scores = new LinkedHashMap<>();
    SCORES.keySet().forEach(m -> scores.put(m, new ArrayList<>()));
    List<TokenizedQuestion> chunk = new ArrayList<>();
    long tokens = 0;
    double cut = 0;
    for (Question question : test.questions()) {
      List<TokenizedChoice> choices = TokenizedChoice.of(question, tokenizer, context);
      chunk.add(new TokenizedQuestion(question, choices));
      tokens += choices.stream().mapToLong(c -> c.tokens().length).sum();
      cut += choices.stream().anyMatch(TokenizedChoice::cut) ? 1 : 0;
      if (tokens >= CHUNK_TOKENS) {
        score(test, chunk, scores);
        tokens = 0;
      }
    }
    score(test, chunk, scores);
    Map<String, Double> details = Map.of("chance", test.chance(), "cut", cut);
    List<Measurement> measurements = new ArrayList<>();
    scores.forEach(
        (metric, own) -> {
          Estimate value = WilsonInterval.ofMean(own.stream().mapToDouble(s -> s).toArray());
          measurements.add(new Measurement(test.name(), metric, value, own, List.of(), details));
        });
    return measurements;
  }

  public double[] logLikelihoods(Question question) {
    List<TokenizedChoice> candidates = TokenizedChoice.of(question, tokenizer, context);
    return Arrays.stream(nats(candidates)).map(nats -> -nats).toArray();
  }

  private double[] nats(List<TokenizedChoice> candidates) {
    return scorer.score(
        candidates.stream().map(TokenizedChoice::tokens).toList(),
        candidates.stream().mapToInt(TokenizedChoice::from).toArray());
  }

  private void score(
      MultipleChoice test, List<TokenizedQuestion> chunk, Map<Metric, List<Double>> scores) {
    double[] nats = nats(chunk.stream().flatMap(q -> q.choices().stream()).toList());
    int at = 0;
    for (TokenizedQuestion q : chunk) {
      double[] own = Arrays.copyOfRange(nats, at, at + q.choices().size());
      at += own.length;
      for (double loss : own) {
        if (!Double.isFinite(loss)) {
          throw new NonFiniteLossException(
              "test %s, question %s: the loss of a choice is %s; expected a finite number"
                  .formatted(test.name(), q.question().id(), loss));
        }
      }
      SCORES.forEach((metric, score) -> scores.get(metric).add(score.of(q, own)));
    }
    chunk.clear();
  }

  private record TokenizedQuestion(Question question, List<TokenizedChoice> choices) {
    double correct(double[] nats, ToDoubleFunction<TokenizedChoice> amount) {
      int least = 0;
      for (int i = 1; i < nats.length; i++) {
        least = loss(nats, i, amount) < loss(nats, least, amount) ? i : least;
      }
      return least == question.answer() ? 1 : 0;
    }

    private double loss(double[] nats, int i, ToDoubleFunction<TokenizedChoice> amount) {
      return nats[i] / amount.applyAsDouble(choices.get(i));
    }

    /**
     * Returns the likelihood of the correct choice, divided by the sum of the likelihoods of all
     * choices.
     *
     * @param nats negative log-likelihood of each choice
     */
    double probability(double[] nats) {
      double correct = nats[question.answer()];
      return 1 / Arrays.stream(nats).map(n -> Math.exp(correct - n)).sum();
    }
  }

  private interface Score {
    double of(TokenizedQuestion question, double[] nats);
  }
}
