/**
 * Measures a trained model: losses on held-out text, and accuracy on multiple-choice tests. The
 * package is not exported; {@link java.util.ServiceLoader} finds {@link
 * dev.mixlaw.eval.evaluate.StridedEvaluator}.
 *
 * <h2>Held-out losses</h2>
 *
 * <p>A document of n tokens, the last of which is its end-of-text token, is read as {@code
 * [end-of-text, t1, .., tn]} and gives n losses in nats. Each token is scored exactly once. A
 * document that is longer than the model's context is read in windows that overlap by a quarter of
 * the context.
 *
 * <p>Nats per token are Σ nats / Σ tokens. Bits per byte are Σ nats / (ln 2 · Σ UTF-8 bytes of the
 * original text). Both sums run over all documents of the domain, so long documents weigh more.
 * Intervals are percentiles of 1000 seeded bootstrap resamples of the documents, each of which
 * yields a ratio of sums. They measure the uncertainty due to the choice of held-out documents;
 * they do not include training noise.
 *
 * <h2>Multiple choice</h2>
 *
 * <p>Answers are chosen by likelihood, as in the Language Model Evaluation Harness (Gao et al., "A
 * framework for few-shot language model evaluation").
 *
 * <p>A choice is scored by the log-likelihood of its tokens given end-of-text and the question. The
 * choice follows the question after a space, unless one of the two already has white space there.
 * White space at the end of the question is scored with the choice. Question and choice are
 * tokenized as one text, as they would be in training. Where this changes tokens at the end of the
 * question, scoring begins at the first token that differs between the question alone and any of
 * its choices, so that all choices are scored from the same place.
 *
 * <p>{@code acc} takes the choice with the highest log-likelihood. {@code acc_norm} takes the
 * highest log-likelihood per UTF-8 byte of the choice as it stands in the file; newer harnesses
 * call this {@code acc_bytes}, and their {@code acc_norm} counts characters, which is the same for
 * ASCII text. {@code acc_tokens} takes the highest log-likelihood per token. If several choices
 * have the same score, the first of them is chosen. {@code correct_prob_norm} is the likelihood of
 * the correct choice divided by the sum over all choices. A question that does not fit into the
 * context is cut off at its beginning; the results count such questions.
 *
 * <p>Intervals of one run are Wilson score intervals (1927) over questions. They measure the
 * uncertainty due to the choice of questions; they do not include training noise, which only
 * several seeds can show.
 */
@NullMarked
package dev.mixlaw.eval.evaluate;

import org.jspecify.annotations.NullMarked;
