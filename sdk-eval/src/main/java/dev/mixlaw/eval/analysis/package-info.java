/**
 * Analyses the runs of a study or of rounds: comparisons, best shares, speed-ups, laws, collapse,
 * decision accuracy, and refusals where the data do not support a statement. Not exported; {@link
 * java.util.ServiceLoader} finds {@link dev.mixlaw.eval.analysis.StudyAnalyst} and {@link
 * dev.mixlaw.eval.analysis.RoundsAnalyst}.
 *
 * <p>Losses are in nats per token of the one tokenizer of the study. The <em>macro</em> average is
 * the unweighted mean of the domains. The <em>micro</em> average is Σ nats over Σ tokens (or over
 * ln 2 · Σ bytes) of all domains.
 *
 * <h2>Intervals</h2>
 *
 * <p>All intervals are the 2.5th to 97.5th percentiles of 1000 draws. A draw resamples the
 * documents of each domain with replacement, the same documents for all runs, so comparisons of
 * mixtures are paired. To each mixture and model it adds seed noise,
 *
 * <pre>s(N, D) · z / √seeds,   s(N, D) = s · (N / N_0)^c · (D / D_0)^b
 * </pre>
 *
 * <p>with z normal. The seed noise depends on model size and budget. It is pooled over the points
 * with two or more seeds and applied to all mixtures. s, b and c are drawn from their posterior
 * distribution, so few seeds give wide intervals; see {@code SeedNoise}. The interaction of
 * training runs and documents is included in the resamples, and for a single run also in the seed
 * noise. It is then counted twice, which is conservative. Without second seeds the findings say
 * that seed noise is unknown.
 *
 * <p>Laws are refitted in every draw, with its documents, a seed's shift of the whole curve, and
 * the scatter of points about their laws. A speed-up combines the laws of both mixtures from the
 * same draw.
 *
 * <h2>Best share</h2>
 *
 * <p>There are two kinds of best share. The first is the best of the shares that were run, by
 * measurement or by the law of each mixture. The second is the best of all shares between them, by
 * a law over share, N and D,
 *
 * <pre>L(N, D, s) = E(s) + A(s)·N^-alpha + B(s)·D^-beta
 * </pre>
 *
 * <p>where E, A and B are parabolas in the share s (at one model without the term of N). It needs
 * four shares and four budgets (or model sizes), and is refused if the parabolas do not fit. It is
 * shown in addition to the measured one.
 *
 * <h2>Cost</h2>
 *
 * <p>A speed-up in cost counts 6·N FLOPs for each token trained on, and the price of each generated
 * token: see {@link dev.mixlaw.api.results.GenerationPrice}.
 */
@NullMarked
package dev.mixlaw.eval.analysis;

import org.jspecify.annotations.NullMarked;
