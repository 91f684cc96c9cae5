/**
 * Analyzes the runs of a study or of rounds. The findings include comparisons, best shares,
 * speed-ups, laws, collapse and decision accuracy. If the data do not support a result, the
 * findings include the reason. The package is not exported; {@link java.util.ServiceLoader} finds
 * {@link dev.mixlaw.eval.analysis.StudyAnalyst} and {@link dev.mixlaw.eval.analysis.RoundsAnalyst}.
 *
 * <p>Losses are in nats per token of the study's tokenizer. The <em>macro</em> average is the
 * unweighted mean of the domains. The <em>micro</em> average is Σ nats over Σ tokens (or over ln 2
 * · Σ bytes) of all domains.
 *
 * <h2>Intervals</h2>
 *
 * <p>Differences between measured losses or accuracies have Student's t intervals. Their error has
 * two parts. The first part is the uncertainty due to documents, which is estimated from 1000
 * resamples of the documents of each domain. All runs share the resamples, so comparisons are
 * paired. The second part is the seed noise,
 *
 * <pre>s(mixture, N, D) / √seeds
 * </pre>
 *
 * <p>which is estimated as a function of mixture, model size and budget from all points with two or
 * more seeds. The noise of each mixture is shrunk toward the noise of all mixtures, and a mixture
 * without a second seed has the noise of the others. The degrees of freedom are those of
 * Satterthwaite and account for the uncertainty of this function (see {@code SeedNoise}). The
 * intervals contain the true difference in 95 % of cases on average over the points of a study, not
 * at each point. Without second seeds, there are no tests. P-values are adjusted over the
 * comparisons that are shown together (Benjamini and Hochberg 1995). The largest of several
 * differences has a simultaneous interval. Accuracies on multiple-choice tests are treated in the
 * same way, with questions in place of documents.
 *
 * <p>All other intervals extend from the 2.5th to the 97.5th percentile of 1000 draws. Each draw
 * has resampled documents and seed noise from its posterior distribution.
 *
 * <p>Laws are refitted in every draw. A draw of a law includes the resampled documents, a shift of
 * the whole curve like that of another seed, and the scatter of points about their laws. A speed-up
 * combines the laws of both mixtures from the same draw.
 *
 * <h2>Best share</h2>
 *
 * <p>There are two kinds of best share. The first kind is the best of the shares that were run,
 * according to the measurements or the law of each mixture. The second kind is the best of all
 * shares in between, according to a law over share, N and D,
 *
 * <pre>L(N, D, s) = E(s) + A(s)·N^-alpha + B(s)·D^-beta
 * </pre>
 *
 * <p>where E, A and B are cubics in the share s, or parabolas if there are only four shares. At a
 * single model, the law has no term in N. It needs four shares and four budgets or model sizes, and
 * there is no result if the polynomials do not fit. Its best share is shown in addition to the
 * measured best share.
 *
 * <h2>Cost</h2>
 *
 * <p>A speed-up in cost counts 6·N FLOPs for each training token, and the price of each generated
 * token (see {@link dev.mixlaw.api.results.GenerationPrice}).
 */
@NullMarked
package dev.mixlaw.eval.analysis;

import org.jspecify.annotations.NullMarked;
