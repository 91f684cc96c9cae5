/**
 * Mixture models: the loss of a domain from the shares of the sources, and the shares to take.
 *
 * <p>{@link dev.mixlaw.eval.mixture.MixtureRuns} are trained mixtures with their losses, of a
 * study's findings or read from files by {@link dev.mixlaw.eval.mixture.MixtureTable}. A {@link
 * dev.mixlaw.eval.mixture.MixtureModel} fits one domain; {@link
 * dev.mixlaw.eval.mixture.MixtureModels} has those of the literature, and anyone can write another.
 * {@link dev.mixlaw.eval.mixture.Accuracy} says how well a fit ranks runs that it did not see,
 * {@link dev.mixlaw.eval.mixture.Proposer} which shares it holds best, and {@link
 * dev.mixlaw.eval.mixture.ProposalTrial} what became of them when they were trained.
 *
 * <pre>{@code
 * MixtureRuns runs = MixtureTable.csv(shares, losses).domains(List.of("wiki")).read();
 * MixtureFit fit =
 *     MixtureModels.mixing().fit(runs, "wiki", Resamples.of(200, 7)).orElseThrow();
 * Answer<Proposal> best =
 *     Proposer.of(fit)
 *         .natural(Map.of("web", 0.9, "hq", 0.1))
 *         .repeatLimits(tokens("10B"), Map.of("hq", new RepeatLimit(tokens("500M"), 4)))
 *         .best("wiki");
 * }</pre>
 *
 * <h2>Units</h2>
 *
 * r_j is the share of training tokens from source j; shares sum to 1. Sums within 1 % of it are
 * brought to it, others refused. Losses are nats per token or bits per byte, never both; an average
 * over domains needs one unit. N counts parameters (non-embedding unless the data say otherwise), D
 * training tokens with repeats.
 *
 * <h2>The models</h2>
 *
 * <table>
 * <caption>Each with its source, what it needs, and when it fails</caption>
 * <tr><th>id</th><th>formula</th><th>from</th><th>needs</th><th>fails</th></tr>
 * <tr><td>linear</td><td>L(r) = sum_j w_j·r_j</td><td>least squares; the baseline of Liu et al. 2024,
 *     "RegMix"</td><td>1 more mixture than sources, each source varied by itself</td><td>its best is always
 *     a corner: one source alone, or what the limits leave. It knows no diminishing return. Use it to rank
 *     mixtures like those tried</td></tr>
 * <tr><td>boosting</td><td>sum of regression trees</td><td>Liu et al. 2024</td><td>20 mixtures to run at
 *     all, hundreds to be worth it; the artifact mixlaw-boosting</td><td>beyond the tried shares it is flat.
 *     Its surface has steps, and a search finds the step that errs in its favour: the predicted loss is
 *     then below its own interval, which is said</td></tr>
 * <tr><td>kriging</td><td>L(r) = m + Gaussian process over sqrt(r_j)</td><td>Sacks et al. 1989,
 *     "Design and Analysis of Computer Experiments"; Rasmussen and Williams 2006</td><td>2 more mixtures
 *     than sources, tens to be worth it, at most 1000 runs</td><td>far from every tried mixture it says
 *     the mean of all, with a wide interval. Its draws are of the posterior rather than refits, and take
 *     the errors of all domains to go together, so that an average's interval is rather too wide</td></tr>
 * <tr><td>mixing</td><td>L(r) = c + k·exp(sum_j t_j·r_j)</td><td>Ye et al. 2024, "Data Mixing Laws"</td>
 *     <td>2 more mixtures than sources</td><td>one direction of the shares carries all: where two sources
 *     help only together it cannot see it. Its best is a corner, as a line's is, unless domains are
 *     averaged</td></tr>
 * <tr><td>mixture-additive</td><td>E + A·N^-alpha + B·D^-beta + K/sum_j c_j·r_j^gamma_j</td><td>Shukor et
 *     al. 2025, "Scaling Laws for Optimal Data Mixtures"</td><td>a grid over N, D and r</td><td>its best
 *     shares cannot move with N and D</td></tr>
 * <tr><td>mixture-joint</td><td>with A and B times (sum_j a_j·r_j)^gammaA and (sum_j b_j·r_j)^gammaB</td>
 *     <td>the same</td><td>a grid over N, D and r, low noise</td><td>5 + 4·sources parameters: on small or
 *     noisy grids no minimum is found, which is a refusal</td></tr>
 * <tr><td>bimix</td><td>(A·D^-a + C)·r^-b</td><td>Ge et al. 2024, "BiMix"</td><td>4 budgets, 3 shares of
 *     the domain's own source above 0</td><td>at share 0; where other sources help the domain: its best is
 *     always the own source alone</td></tr>
 * </table>
 *
 * Linear, boosting, kriging and mixing are of runs alike in size and budget; runs of several are
 * refused, as they would take the budget's effect for that of the shares. The laws are fitted by
 * {@link dev.mixlaw.eval.law.LawFitter}, and share its checks and warnings.
 *
 * <h2>What a proposal says</h2>
 *
 * <ol>
 *   <li><b>The shares</b> of the lowest predicted loss, of one domain or a weighted average, on all
 *       shares that sum to 1, or within bounds and repeat limits: r_j · budget &lt;= epochs_j ·
 *       unique tokens_j. The search needs no gradient, and is the same for every model.
 *   <li><b>An interval</b> for each share: the best shares of the middle 95 % of refits to runs
 *       drawn anew.
 *   <li><b>What is as good</b>: how far a share can move, the others changed in proportion, until
 *       the interval of the loss minus the best's, refit by refit, no longer holds 0.
 *   <li><b>Natural and uniform</b> beside it, with the difference and its interval. Where that
 *       holds 0, the runs cannot tell the proposal from what one would have done without it.
 *   <li><b>Warnings</b>: shares beyond those tried, no blend of tried mixtures (farther than 0.01
 *       from their convex hull), baselines that break the limits themselves. Beyond 10 times the
 *       measured N or D it warns, beyond 100 times it refuses.
 * </ol>
 *
 * The intervals hold what other runs would have changed, not what the formula gets wrong: a line
 * drawn through curved losses is sure of the wrong corner. Compare models by {@link
 * dev.mixlaw.eval.mixture.Accuracy} on mixtures that they did not see, and train the proposal
 * beside the baseline before believing it: {@link dev.mixlaw.eval.mixture.ProposalTrial}.
 *
 * <h2>Other budgets</h2>
 *
 * Models of one size and budget propose for that size and budget. Ranks often carry over to larger
 * models (RegMix: 1M to 1B parameters), best shares less so: repeats, and sources that only large
 * models profit from, move them. {@link dev.mixlaw.eval.mixture.MixtureModels#autoScale} carries
 * best amounts from two budgets to a third; {@code mixture-joint} has budget and size in its
 * formula.
 */
@NullMarked
package dev.mixlaw.eval.mixture;

import org.jspecify.annotations.NullMarked;
