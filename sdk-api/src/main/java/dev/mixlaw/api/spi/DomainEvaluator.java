package dev.mixlaw.api.spi;

import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.results.Measurement;
import java.util.List;

/** Measures models on held-out text and tests. Implementations are thread-safe. */
public interface DomainEvaluator {
  /**
   * Measures a model on each domain and returns the measurements, in the order of the domains. They
   * must include the loss in nats per token. Each token of a document is scored once. An
   * end-of-text token precedes the first token.
   *
   * @param model model to measure
   * @param endOfText id of the end-of-text token
   * @param domains held-out texts
   */
  List<Measurement> evaluate(LanguageModel model, int endOfText, List<TokenizedText> domains);

  /**
   * Returns a version that identifies the method of measurement. The version must change if the
   * same model and text may give different numbers, for example because of a different setting. The
   * default implementation returns the class name or, for a lambda, the name of the enclosing
   * class.
   */
  default String version() {
    String name = getClass().getName();
    int lambda = name.indexOf("$$Lambda"); // The part after it differs between JVMs.
    return lambda < 0 ? name : name.substring(0, lambda);
  }

  /**
   * Returns whether {@link #answer} is supported. If not, studies with multiple-choice tests are
   * rejected before any training. The default implementation returns false.
   */
  default boolean answersQuestions() {
    return false;
  }

  /**
   * Measures a model on each multiple-choice test and returns the measurements, in the order of the
   * tests.
   *
   * @param model model to measure
   * @param tokenizer tokenizer of the study
   * @param tests tests with their questions
   * @throws UnsupportedOperationException if {@link #answersQuestions} returns false
   */
  default List<Measurement> answer(
      LanguageModel model, Tokenizer tokenizer, List<MultipleChoice> tests) {
    throw new UnsupportedOperationException(
        getClass().getName() + " does not answer multiple-choice tests");
  }
}
