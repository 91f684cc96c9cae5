package dev.mixlaw.api.spi;

import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.results.Measurement;
import java.util.List;

/** Measures a model on held-out text and on multiple-choice tests. Thread-safe. */
public interface DomainEvaluator {
  /**
   * Returns what is measured on each domain, in the order of the domains: at least nats per token.
   * Each token of a document is scored once; an end-of-text token precedes the first token.
   *
   * @param model model to measure
   * @param endOfText id of the end-of-text token
   * @param domains held-out text
   */
  List<Measurement> evaluate(LanguageModel model, int endOfText, List<TokenizedText> domains);

  /**
   * Returns a part of the identity of measurements. It must change whenever the same model and text
   * give different numbers, and it must differ for each setting that affects them. By default it is
   * the class name; for a lambda, it is the name of the enclosing class.
   */
  default String version() {
    String name = getClass().getName();
    int lambda = name.indexOf("$$Lambda"); // the rest of the name differs between JVMs
    return lambda < 0 ? name : name.substring(0, lambda);
  }

  /**
   * Returns whether {@link #answer} is supported; false by default. If it is not, a study with
   * multiple-choice tests is refused before any training.
   */
  default boolean answersQuestions() {
    return false;
  }

  /**
   * Returns what is measured on each multiple-choice test, in the order of the tests.
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
