/**
 * Losses of a model on held-out text, one {@link dev.mixlaw.api.results.DomainLoss} a domain.
 *
 * <p>A document of n tokens (its end-of-text token last) is read as {@code [end-of-text, t1, ..,
 * tn]} and gives n losses in nats, each token scored exactly once. Documents longer than the
 * model's context are read in windows that overlap by half; see {@link
 * dev.mixlaw.eval.domain.StridedEvaluator}.
 *
 * <p>Nats per token are Σ nats / Σ tokens; bits per byte are Σ nats / (ln 2 · Σ UTF-8 bytes of the
 * original text). Both sums run over all documents of the domain, so long documents weigh more.
 * Intervals are percentiles of 1000 seeded bootstrap resamples of the documents, each the ratio of
 * its sums: they say how far the figure depends on which documents were held out, and nothing about
 * the noise of training.
 */
@NullMarked
package dev.mixlaw.eval.domain;

import org.jspecify.annotations.NullMarked;
