/**
 * Tests of multiple choice, answered by likelihood, as the Language Model Evaluation Harness does
 * (Gao et al., "A framework for few-shot language model evaluation").
 *
 * <p>A choice is scored by the log-likelihood of its tokens given end-of-text and the question. It
 * follows the question after a space, unless either has white space there already; white space at
 * the question's end is scored with the choice. Question and choice are tokenized as one text, as
 * they would be in training. Where that changes tokens of the question's end, scoring begins at the
 * first token that is not the same for the question alone and for all its choices, so that all
 * choices are scored from the same place.
 *
 * <p>{@code acc} takes the choice of the highest log-likelihood, {@code acc_norm} that of the
 * highest over the UTF-8 bytes of the choice as it is in the file (newer harnesses call this {@code
 * acc_bytes}; their {@code acc_norm} counts characters, the same where there are ASCII alone), and
 * {@code acc_tokens} that over its tokens. Of equal choices the first is taken. A question that
 * does not fit into the context loses its beginning; how many did is said.
 *
 * <p>Intervals of one run are Wilson's (1927), over questions: how far the figure depends on which
 * questions were asked, and nothing about the noise of training, which seeds tell.
 */
@NullMarked
package dev.mixlaw.eval.choice;

import org.jspecify.annotations.NullMarked;
