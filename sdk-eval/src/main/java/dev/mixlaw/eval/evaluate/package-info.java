/**
 * Measures the losses of a trained model on held-out text, and its accuracy on multiple-choice
 * tests. The package is not exported. {@link java.util.ServiceLoader} finds {@link
 * dev.mixlaw.eval.evaluate.StridedEvaluator}.
 *
 * <h2>Held-out losses</h2>
 *
 * <p>A document of n tokens ends with an end-of-text token. The model reads it as {@code
 * [end-of-text, t1, .., tn]} and yields n losses in nats, one per token. If a document is longer
 * than the context of the model, it is read in windows that overlap by a quarter of the context.
 *
 * <p>The loss of a domain is Σ nats / Σ tokens in nats per token, or Σ nats / (ln 2 · Σ UTF-8 bytes
 * of the original text) in bits per byte. The sums run over all documents, so long documents have a
 * larger weight. Intervals are percentiles of this ratio over 1000 seeded bootstrap resamples of
 * the documents. They include the uncertainty due to the choice of documents, but no training
 * noise.
 *
 * <h2>Multiple choice</h2>
 *
 * <p>Answers are chosen by likelihood, as in the Language Model Evaluation Harness (Gao et al., "A
 * framework for few-shot language model evaluation").
 *
 * <p>A choice is scored by the log-likelihood of its tokens given an end-of-text token and the
 * question. A space separates question and choice, unless there already is white space between
 * them. White space at the end of the question is scored with the choice. Question and choice are
 * tokenized as one text, as in training, which can change tokens at the end of the question.
 * Scoring therefore starts at the first token that differs between the question alone and the
 * question with any of its choices. It is the same token for all choices.
 *
 * <p>The metric {@code acc} selects the choice with the highest log-likelihood. The metric {@code
 * acc_norm} divides the log-likelihood by the number of UTF-8 bytes of the choice in the file.
 * Newer harnesses call this metric {@code acc_bytes}, and their {@code acc_norm} divides by the
 * number of characters, which is the same for ASCII text. The metric {@code acc_tokens} divides by
 * the number of tokens. The first of several equal choices is selected. The metric {@code
 * correct_prob_norm} is the likelihood of the correct choice divided by the sum over all choices. A
 * question that exceeds the context is cut off at its beginning, and the results include the number
 * of such questions.
 *
 * <p>The interval of a run is the Wilson score interval (1927) over questions. It includes the
 * uncertainty due to the choice of questions, but no training noise, which requires several seeds.
 */
@NullMarked
package dev.mixlaw.eval.evaluate;

import org.jspecify.annotations.NullMarked;
