/**
 * Fits scaling laws with robust methods and confidence intervals. If the data are not sufficient
 * for an answer, the reason is returned instead.
 *
 * <p>A {@link dev.mixlaw.eval.law.LawForm} is a formula with named parameters. {@link
 * dev.mixlaw.eval.law.LawForms} provides forms from the literature, and applications can implement
 * others. {@link dev.mixlaw.eval.law.Observations} contain measured losses. {@link
 * dev.mixlaw.eval.law.LawFitter} fits a form to observations and returns a {@link
 * dev.mixlaw.eval.law.LawFit}, or the reason why there is none.
 *
 * <pre>{@code
 * Observations points = Observations.overTokens(tokens, losses);
 * Answer<LawFit> fit = LawFitter.of(LawForms.DATA).seed(7).fit(points);
 * fit.orElseThrow().predict(4e9).interval();
 * }</pre>
 *
 * <h2>Units</h2>
 *
 * N is the number of parameters (without embeddings unless the data say otherwise), D the number of
 * training tokens including repeats, and U the number of distinct tokens. C = 6·N·D is the compute
 * in floating-point operations. The shares r of training tokens sum to 1. All losses of a fit must
 * be in nats per token, or all in bits per byte. E and the factors of all terms have the unit of
 * the loss.
 *
 * <h2>The forms</h2>
 *
 * <table>
 * <caption>Each form with its source, its requirements, and where it fails</caption>
 * <tr><th>id</th><th>law</th><th>from</th><th>needs</th><th>fails</th></tr>
 * <tr><td>data</td><td>L(D) = E + B·D^-beta</td><td>one fit per mixture at one N (Kang et al. 2025,
 * "Demystifying Synthetic Data in LLM Pre-training")</td><td>4 distinct D</td><td>where repeats or
 * a change of schedule bend the curve; E is not identified unless D spans two orders of
 * magnitude</td></tr>
 * <tr><td>model</td><td>L(N) = E + A·N^-alpha</td><td>one fit per mixture at one D (Kang et al.
 * 2025)</td><td>4 distinct N</td>
 * <td>where large models are trained too briefly or with unsuitable settings</td></tr>
 * <tr><td>chinchilla</td><td>L(N,D) = E + A·N^-alpha + B·D^-beta</td><td>Hoffmann et al.
 * 2022</td><td>4 distinct N and 4 distinct D that do not vary together</td><td>where N and D
 * interact: repeats, over-training of small models; a few bad runs bend beta ({@link
 * dev.mixlaw.eval.law.LawFit#outliers})</td></tr>
 * <tr><td>kaplan</td><td>L(N,D) = ((Nc/N)^(alphaN/alphaD) + Dc/D)^alphaD</td><td>Kaplan et al.
 * 2020</td>
 * <td>3 distinct N and D</td><td>near the entropy of the text, because the law has no irreducible
 * loss</td></tr>
 * <tr><td>overtraining</td><td>L(C,M) = E + (a·M^eta + b·M^-eta)·C^-eta, M = D/N</td><td>Gadre et
 * al. 2024</td><td>5 points with two M and two C</td><td>where N and D have different
 * exponents</td></tr>
 * <tr><td>data-constrained</td><td>chinchilla with effective D' = U + U·RD·(1 - e^(-R/RD)), R = D/U
 * - 1, and N' correspondingly above the N that is optimal for U</td><td>Muennighoff et al.
 * 2023</td>
 * <td>a fixed Chinchilla law, and runs with and without repeats</td><td>RD and RN trade off: a flat
 * valley with several minima, all of which are reported</td></tr>
 * <tr><td>rectified</td><td>L(D) = E + B/(Dl + D^beta)</td><td>Qin et al. 2025</td><td>5 distinct D
 * from below to far above Dl^(1/beta)</td><td>where the bend is outside the data, because Dl and
 * beta trade off</td></tr>
 * <tr><td>mixing</td><td>L(r) = c + k·exp(sum_j t_j·r_j), the last t = 0</td><td>Ye et al.
 * 2024</td><td>2 more mixtures than sources, at one N and D</td><td>where a source is nearly
 * absent; the law makes no statement about other N and D</td></tr>
 * <tr><td>mixture-additive</td><td>E + A·N^-alpha + B·D^-beta + K/sum_j
 * c_j·r_j^gamma_j</td><td>Shukor et al. 2025</td><td>a grid over N, D and r</td><td>where the best
 * r depends on N and D</td></tr>
 * <tr><td>mixture-joint</td><td>with A and B times (sum_j a_j·r_j)^gammaA and (sum_j
 * b_j·r_j)^gammaB</td>
 * <td>Shukor et al. 2025</td><td>a grid over N, D and r</td><td>with few mixtures per scale: it has
 * 5 + 4·sources free parameters</td></tr>
 * <tr><td>bimix</td><td>L(D,r) = (A·D^-a + C)·r^-b</td><td>Ge et al. 2024</td><td>4 distinct D, 3
 * shares above 0</td><td>at share 0, and where other sources help the domain</td></tr>
 * <tr><td>added-synthetic</td><td>E + A·N^-alpha + B·Deff^-beta·(1+H), synthetic tokens added to
 * human ones</td><td>unpublished</td><td>a grid over N, human and synthetic tokens</td><td>for
 * shares of a fixed total, which are a different experiment</td></tr>
 * </table>
 *
 * <h2>How a law is fitted</h2>
 *
 * <ol>
 *   <li>The design is checked. There is no fit if there are too few distinct values, or if N and D
 *       vary together.
 *   <li>Linear parameters are computed from all other parameters by non-negative least squares.
 *       Only nonlinear parameters, such as exponents, are searched, over a low-discrepancy
 *       sequence.
 *   <li>From the best starting points, Newton steps minimize the objective ({@link
 *       dev.mixlaw.eval.law.Objective}) within bounds.
 *   <li>The law is refitted to resampled data. All draws are kept, so every quantity that is
 *       computed from parameters has an interval.
 *   <li>The fit has a status: {@code AT_BOUND}, {@code WEAKLY_IDENTIFIED} (an interval wider than
 *       the value, or a condition above 1e8), or {@code CONVERGED}. There is no fit if a term
 *       vanishes.
 * </ol>
 *
 * <h2>What a fit contains</h2>
 *
 * {@link dev.mixlaw.eval.law.LawFit#predict} returns a confidence interval of the law, and {@link
 * dev.mixlaw.eval.law.LawFit#predictNewRun} a prediction interval for a new run. Tests for lack of
 * fit decide whether this interval also includes errors of extrapolation. {@link
 * dev.mixlaw.eval.law.LawFit#influences} and {@link dev.mixlaw.eval.law.LawFit#outliers} show which
 * observations determine the fit. {@link dev.mixlaw.eval.law.LawFit#covariance} shows how the
 * errors of parameters are correlated. {@link dev.mixlaw.eval.law.HeldOutError} measures how well
 * the law predicts and ranks held-out observations, compared with a trivial baseline. {@link
 * dev.mixlaw.eval.law.LawFit#optimal} returns the best model size and tokens for a compute budget.
 * {@link dev.mixlaw.eval.law.LawFit#design} chooses the runs that should be trained next. {@code
 * sdk-eval/BENCHMARKS.md} lists the measured coverage of the intervals.
 *
 * <h2>Random numbers</h2>
 *
 * The resamples of a fit depend on its seed and its observations. Two fits to the same observations
 * with the same seed share their resamples, so two forms can be compared draw by draw. Fits to
 * different observations are independent, so the difference between two mixtures includes the noise
 * of both. With {@link dev.mixlaw.eval.law.LawFitter#resampleLosses}, mixtures share the noise that
 * they have in common, such as the choice of evaluation documents.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.eval.law;

import org.jspecify.annotations.NullMarked;
