/**
 * Provides mixture models, which predict the loss on a domain from the shares of the sources, and
 * finds the shares with the lowest predicted loss.
 *
 * <p>{@link dev.mixlaw.eval.mixture.MixtureRuns} contains the shares and losses of training runs,
 * which come from the findings of a study or from files that {@link
 * dev.mixlaw.eval.table.LossTable} reads. A {@link dev.mixlaw.eval.mixture.MixtureModel} is fitted
 * to the losses of one domain. Its static methods return models from the literature, and
 * applications can implement others. {@link dev.mixlaw.eval.mixture.Accuracy} measures how well a
 * fit ranks held-out runs. {@link dev.mixlaw.eval.mixture.Proposer} finds the shares with the
 * lowest predicted loss. {@link dev.mixlaw.eval.mixture.ProposalTrial} compares predicted and
 * measured losses after a proposal has been trained.
 *
 * <pre>{@code
 * MixtureRuns runs = LossTable.csv(shares).joined(losses).loss("wiki").mixtureRuns();
 * MixtureFit fit =
 *     MixtureModel.mixing().fit(runs, "wiki", Resamples.of(200, 7)).orElseThrow();
 * Answer<Proposal> best =
 *     Proposer.of(fit)
 *         .natural(Map.of("web", 0.9, "hq", 0.1))
 *         .repeatLimits(Map.of("hq", tokens("500M")), tokens("10B"), 4)
 *         .best("wiki");
 * }</pre>
 *
 * <h2>Units</h2>
 *
 * The share of training tokens from source j is r_j. Shares whose sum is within 1 % of 1 are
 * normalized, and other sums are rejected. All losses must be in nats per token, or all in bits per
 * byte, because an average over domains needs a single unit. N is the number of parameters (without
 * embeddings unless the data say otherwise), and D the number of training tokens including repeats.
 *
 * <h2>The models</h2>
 *
 * <table>
 * <caption>Formula, source, requirements and limits of each model</caption>
 * <tr><th>id</th><th>formula</th><th>source</th><th>requirements</th><th>limits</th></tr>
 * <tr><td>linear</td><td>L(r) = sum_j w_j·r_j</td><td>least squares; the baseline of Liu et al.
 * 2024, "RegMix"</td><td>one more mixture than sources; each share must vary
 * independently</td><td>its optimum is always a corner, that is, a single source or the limits. It
 * has no diminishing returns. Use it to rank mixtures that are similar to the measured
 * ones</td></tr>
 * <tr><td>boosting</td><td>sum of regression trees</td><td>Liu et al. 2024</td><td>at least 20
 * mixtures, preferably hundreds, and the artifact mixlaw-boosting</td><td>it is constant outside
 * the measured shares. Its surface has steps, and the search selects a step with a favorable error.
 * A warning is given if the predicted loss is therefore below its own interval</td></tr>
 * <tr><td>kriging</td><td>L(r) = m + Gaussian process over sqrt(r_j)</td><td>Sacks et al. 1989,
 * "Design and Analysis of Computer Experiments"; Rasmussen and Williams 2006</td><td>2 more
 * mixtures than sources, preferably tens; at most 1000 runs</td><td>far from every measured
 * mixture, it predicts the mean of all mixtures, with a wide interval. Its draws come from the
 * posterior instead of refits. They assume that the errors of all domains are correlated, so the
 * interval of an average is too wide</td></tr>
 * <tr><td>mixing</td><td>L(r) = c + k·exp(sum_j t_j·r_j)</td><td>Ye et al. 2024, "Data Mixing
 * Laws"</td>
 * <td>2 more mixtures than sources</td><td>the loss depends on a single linear combination of the
 * shares, so the model cannot represent two sources that help only together. Its optimum is a
 * corner, unless domains are averaged</td></tr>
 * <tr><td>mixture-additive</td><td>E + A·N^-alpha + B·D^-beta + K/sum_j
 * c_j·r_j^gamma_j</td><td>Shukor et al. 2025, "Scaling Laws for Optimal Data Mixtures"</td><td>a
 * grid over N, D and r</td><td>its best shares do not depend on N and D</td></tr>
 * <tr><td>mixture-joint</td><td>with A and B times (sum_j a_j·r_j)^gammaA and (sum_j
 * b_j·r_j)^gammaB</td>
 * <td>Shukor et al. 2025</td><td>a grid over N, D and r with low noise</td><td>it has 5 + 4·sources
 * parameters. No fit is returned for small or noisy grids that have no regular minimum</td></tr>
 * <tr><td>bimix</td><td>(A·D^-a + C)·r^-b</td><td>Ge et al. 2024, "BiMix"</td><td>4 budgets, 3
 * shares of the domain's own source above 0</td><td>it is undefined at a share of 0. Its optimum is
 * always the domain's own source alone, even if other sources help</td></tr>
 * </table>
 *
 * The models linear, boosting, kriging and mixing need runs at one model size and budget. They
 * reject runs at several sizes or budgets, because they would attribute the effect of the budget to
 * the shares. {@link dev.mixlaw.eval.law.LawFitter} fits the laws, with its checks and warnings.
 *
 * <h2>Contents of a proposal</h2>
 *
 * <ol>
 *   <li><b>The shares</b> with the lowest predicted loss on a domain or a weighted average of
 *       domains. The search can be limited by bounds and by repeat limits: r_j · budget &lt;=
 *       epochs_j · unique tokens_j. It uses no gradient and is the same for every model.
 *   <li><b>A confidence interval</b> of each share. It contains the middle 95 % of the best shares
 *       of refits to resampled runs.
 *   <li><b>Equally good shares</b>. This is the range in which a share can change, with all other
 *       shares changed in proportion, before the interval of the difference from the lowest loss
 *       excludes 0.
 *   <li><b>The natural and the uniform mixture</b>, with the difference of their losses from the
 *       proposal. If the interval of the difference contains 0, the proposal is not significantly
 *       different.
 *   <li><b>Warnings</b> about shares outside the measured range, a proposal farther than 0.01 from
 *       the convex hull of the measured mixtures, or baselines that violate the limits. There is
 *       also a warning if N or D is outside the measured range by more than a factor of 10. Beyond
 *       a factor of 100, there is no proposal.
 * </ol>
 *
 * The intervals include the variation between runs, but not the error of the formula. For example,
 * a linear fit to curved losses can propose the wrong corner with a narrow interval. Compare models
 * with {@link dev.mixlaw.eval.mixture.Accuracy} on held-out mixtures, and train the proposal
 * together with the baseline before you rely on it (see {@link
 * dev.mixlaw.eval.mixture.ProposalTrial}).
 *
 * <h2>Other budgets</h2>
 *
 * Runs at one size and budget give a proposal for that size and budget. Rankings of mixtures often
 * hold for larger models (from 1M to 1B parameters in RegMix). The best shares often change,
 * because of repeats and because some sources help only large models. {@link
 * dev.mixlaw.eval.mixture.MixtureModel#autoScale} extrapolates the best number of tokens from two
 * budgets to a third. The formula of {@code mixture-joint} includes the budget and the model size.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.eval.mixture;

import org.jspecify.annotations.NullMarked;
