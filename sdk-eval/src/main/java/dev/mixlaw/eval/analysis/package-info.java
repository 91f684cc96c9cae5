/**
 * What the runs of a study say: comparisons, best shares, speed-ups, laws, and refusals where they
 * cannot say.
 *
 * <p>Losses are in nats per token of the study's one tokenizer. The <em>macro</em> average is the
 * mean of the domains, each weighing the same; the <em>micro</em> average is Σ nats over Σ tokens
 * (or over ln 2 · Σ bytes) of all domains.
 *
 * <p>All intervals are the 2.5th to 97.5th percentiles of 1000 draws. A draw takes the documents of
 * each domain with replacement, the same documents for all runs, so that two mixtures are compared
 * in pairs. To each mixture and model it adds
 *
 * <pre>s(N, D) · z / √seeds,   s(N, D) = s · (N / N_0)^c · (D / D_0)^b
 * </pre>
 *
 * <p>with z normal: the noise of training, which changes with model and budget, as pooled from the
 * points with two seeds or more, and applied to all mixtures. s, b and c are drawn as likely as any
 * given those points, so that few seeds make wide intervals; see {@code SeedNoise}. What an
 * evaluation on some documents of a domain and not on others does to a difference is in the
 * resamples; what it does to one run alone is also in the spread of seeds, and so counted twice
 * where it matters: to the safe side. Where there are no seeds the findings say so. Laws are
 * refitted in every draw, with the documents of the draw, a seed's shift of the whole curve and the
 * scatter of points about their laws; a speed-up takes the laws of both mixtures from the same
 * draw.
 *
 * <p>Best shares are of two kinds. Of the shares that were run: measured, or by each mixture's own
 * law, with no law of shares. Of all shares between them: by a law of shares over N and D,
 *
 * <pre>L(N, D, s) = E(s) + A(s)·N^-alpha + B(s)·D^-beta
 * </pre>
 *
 * <p>with parabolas E, A and B over the share s (at one model without the term of N). It needs four
 * shares and four budgets (or sizes), is refused where its parabolas demonstrably do not fit, and
 * stands beside the measured one, never in its place.
 *
 * <p>A speed-up in cost counts 6·N FLOPs a token trained on and the price of each generated token:
 * see {@link dev.mixlaw.api.results.GenerationPrice}.
 */
@NullMarked
package dev.mixlaw.eval.analysis;

import org.jspecify.annotations.NullMarked;
