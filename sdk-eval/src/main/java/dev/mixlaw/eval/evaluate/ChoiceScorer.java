package dev.mixlaw.eval.evaluate;

import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.MultipleChoice.Question;
import dev.mixlaw.api.internal.spi.NonFiniteLossException;
import dev.mixlaw.api.results.ChoiceAccuracy;
import dev.mixlaw.api.results.ChoiceAccuracy.Answered;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.eval.stats.WilsonInterval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Evaluates a model on multiple-choice tests; see {@link dev.mixlaw.eval.evaluate} for the method.
 * Memory in addition to the model: about a million tokens or one question, whichever is more.
 */
public final class ChoiceScorer {
  private static final int CHUNK_TOKENS = 1 << 20;

  private final Tokenizer tokenizer;
  private final int context;
  private final WindowScorer scorer;

  /**
   * Creates a scorer for one model.
   *
   * @param tokenizer the tokenizer of the model
   */
  public ChoiceScorer(LanguageModel model, Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.context = model.context();
    this.scorer = new WindowScorer(model, tokenizer.beginOfText());
  }

  /**
   * Returns the accuracy of the model on a test.
   *
   * @throws IllegalArgumentException if the test has no question
   * @throws NonFiniteLossException if the loss of a choice is not finite, naming test and question
   */
  public ChoiceAccuracy answer(MultipleChoice test) {
    if (test.questions().isEmpty()) {
      throw new IllegalArgumentException(
          "test " + test.name() + ": 0 questions; expected at least 1");
    }
    List<Answered> answers = new ArrayList<>(test.questions().size());
    List<List<TokenizedChoice>> chunk = new ArrayList<>();
    long tokens = 0;
    int cut = 0;
    for (Question question : test.questions()) {
      List<TokenizedChoice> candidates = TokenizedChoice.of(question, tokenizer, context);
      chunk.add(candidates);
      tokens += candidates.stream().mapToLong(c -> c.tokens().length).sum();
      cut += candidates.stream().anyMatch(TokenizedChoice::cut) ? 1 : 0;
      if (tokens >= CHUNK_TOKENS) {
        score(test, chunk, answers);
        tokens = 0;
      }
    }
    score(test, chunk, answers);
    return new ChoiceAccuracy(
        test.name(),
        test.chance(),
        answers,
        accuracy(answers, Answered::plain),
        accuracy(answers, Answered::byBytes),
        accuracy(answers, Answered::byTokens),
        cut);
  }

  /** Returns the log-likelihood of each choice given the question, in nats. */
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
      MultipleChoice test, List<List<TokenizedChoice>> chunk, List<Answered> answers) {
    List<TokenizedChoice> all = chunk.stream().flatMap(List::stream).toList();
    double[] nats = nats(all);
    int at = 0;
    for (List<TokenizedChoice> candidates : chunk) {
      Question question = test.questions().get(answers.size());
      double[] own = new double[candidates.size()];
      for (int i = 0; i < own.length; i++) {
        own[i] = nats[at++];
        if (!Double.isFinite(own[i])) {
          throw new NonFiniteLossException(
              "test "
                  + test.name()
                  + ", question "
                  + question.id()
                  + ": loss of a choice is "
                  + own[i]
                  + "; expected a finite number");
        }
      }
      answers.add(answered(question.answer(), candidates, own));
    }
    chunk.clear();
  }

  private static Answered answered(int right, List<TokenizedChoice> candidates, double[] nats) {
    int plain = 0;
    int byBytes = 0;
    int byTokens = 0;
    for (int i = 1; i < nats.length; i++) {
      TokenizedChoice c = candidates.get(i);
      plain = nats[i] < nats[plain] ? i : plain;
      byBytes = nats[i] / c.bytes() < nats[byBytes] / candidates.get(byBytes).bytes() ? i : byBytes;
      byTokens =
          nats[i] / c.scored() < nats[byTokens] / candidates.get(byTokens).scored() ? i : byTokens;
    }
    return new Answered(plain == right, byBytes == right, byTokens == right);
  }

  private static Estimate accuracy(List<Answered> answers, Predicate<Answered> right) {
    long count = answers.stream().filter(right).count();
    return WilsonInterval.of((double) count / answers.size(), answers.size());
  }
}
