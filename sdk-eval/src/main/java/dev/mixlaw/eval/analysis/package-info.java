/**
 * Analyses the runs of a study or of rounds: comparisons, best shares, speed-ups, laws, collapse,
 * decision accuracy, and refusals where the data do not support a statement. The package is not
 * exported; {@link java.util.ServiceLoader} finds {@link dev.mixlaw.eval.analysis.StudyAnalyst} and
 * {@link dev.mixlaw.eval.analysis.RoundsAnalyst}.
 *
 * <p>Losses are in nats per token of the study's tokenizer. The <em>macro</em> average is the
 * unweighted mean of the domains. The <em>micro</em> average is Σ nats over Σ tokens (or over ln 2
 * · Σ bytes) of all domains.
 *
 * <h2>Intervals</h2>
 *
 * <p>Differences of measured losses and accuracies have Student's t intervals. Their error has two
 * parts. The first is the uncertainty due to documents, estimated from 1000 resamples of the
 * documents of each domain. All runs share the resamples, so comparisons are paired. The second is
 * the seed noise,
 *
 * <pre>s(mixture, N, D) / √seeds
 * </pre>
 *
 * <p>a function of mixture, model size and budget that is estimated from all points with two or
 * more seeds. The noise of each mixture is shrunk towards that of all mixtures, as far as the seeds
 * show that they are alike, and a mixture without a second seed has the noise of the others. The
 * degrees of freedom follow Satterthwaite, and account for the uncertainty of this function; see
 * {@code SeedNoise}. Without second seeds, nothing is tested. P-values are adjusted over the
 * comparisons shown together (Benjamini and Hochberg 1995). The largest of several differences has
 * an interval that holds for all of them at once. Accuracies on multiple-choice tests are treated
 * in the same way, with questions in place of documents.
 *
 * <p>All other intervals are the 2.5th to 97.5th percentiles of 1000 draws, with resampled
 * documents and a draw of the seed noise from its posterior distribution.
 *
 * <p>Laws are refitted in every draw, with the documents of the draw, a shift of the whole curve
 * such as another seed would cause, and the scatter of points about their laws. A speed-up combines
 * the laws of both mixtures from the same draw.
 *
 * <h2>Best share</h2>
 *
 * <p>There are two kinds of best share. The first is the best of the shares that were run,
 * according to the measurements or the law of each mixture. The second is the best of all shares
 * between them, according to a law over share, N and D,
 *
 * <pre>L(N, D, s) = E(s) + A(s)·N^-alpha + B(s)·D^-beta
 * </pre>
 *
 * <p>where E, A and B are parabolas in the share s (at one model, without the term in N). This law
 * needs four shares and four budgets (or model sizes), and is refused if the parabolas do not fit.
 * Its best share is shown in addition to the measured best share.
 *
 * <h2>Cost</h2>
 *
 * <p>A speed-up in cost counts 6·N FLOPs for each token trained on, and the price of each generated
 * token: see {@link dev.mixlaw.api.results.GenerationPrice}.
 */
@NullMarked
package dev.mixlaw.eval.analysis;

import org.jspecify.annotations.NullMarked;
