package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.units.LossUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The result of training a proposal and other mixtures.
 *
 * <p>Only runs to which the model was not fitted are used, because the best of many mixtures owes
 * part of its lead to the noise of its run. The intervals of measured losses include the seed
 * noise, for which all mixtures share one standard deviation and its degrees of freedom. The
 * intervals do not include the noise of the evaluation documents.
 *
 * @param target description of the domains
 * @param scale model size and budget
 * @param proposed the trained proposal
 * @param others the other trained mixtures
 * @param differences differences between the proposal and each of the other mixtures, in the order
 *     of {@code others}
 */
public record ProposalTrial(
    String target,
    TrainingScale scale,
    Tried proposed,
    List<Tried> others,
    List<Difference> differences) {

  public ProposalTrial {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(scale, "scale");
    Objects.requireNonNull(proposed, "proposed");
    others = List.copyOf(others);
    differences = List.copyOf(differences);
  }

  /**
   * A trained mixture.
   *
   * @param name name of the mixture
   * @param shares achieved shares
   * @param predicted loss that the fit predicts at these shares, with its confidence interval
   * @param measured mean loss over seeds, with its confidence interval
   * @param seeds number of runs
   */
  public record Tried(
      String name, Map<String, Double> shares, Estimate predicted, Estimate measured, int seeds) {
    public Tried {
      Objects.requireNonNull(name, "name");
      shares = Collections.unmodifiableMap(new LinkedHashMap<>(shares));
    }
  }

  /**
   * The loss of the proposal minus the loss of another mixture; negative if the proposal is better.
   *
   * @param other name of the other mixture
   * @param predicted predicted difference; both losses come from the same refits
   * @param measured measured difference
   */
  public record Difference(String other, Estimate predicted, Estimate measured) {
    /**
     * Returns whether the measured difference is significant, that is, whether its interval
     * excludes 0.
     */
    public boolean decided() {
      return !measured.interval().contains(0);
    }

    /**
     * Returns {@code better than}, {@code worse than} or {@code not significantly different from}.
     */
    public String relation() {
      return !decided()
          ? "not significantly different from"
          : measured.value() < 0 ? "better than" : "worse than";
    }

    /** Returns whether the prediction agrees with the measurement within their intervals. */
    public boolean asPredicted() {
      return agree(predicted, measured);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s %s: measured %s, predicted %s%s",
          relation(),
          other,
          text(measured),
          text(predicted),
          asPredicted() ? "" : "; the two disagree");
    }

    private static String text(Estimate e) {
      return String.format(
          Locale.ROOT,
          "%+.4f (%+.4f to %+.4f)",
          e.value(),
          e.interval().low(),
          e.interval().high());
    }
  }

  /** Returns whether the loss of the proposal agrees with its prediction. */
  public boolean asPredicted() {
    return agree(proposed.predicted(), proposed.measured());
  }

  /**
   * Returns whether the difference is at most the square root of the sum of squares of the
   * half-intervals that face each other.
   */
  private static boolean agree(Estimate predicted, Estimate measured) {
    boolean above = measured.value() > predicted.value();
    double toward = facing(predicted, above);
    double back = facing(measured, !above);
    return Math.abs(measured.value() - predicted.value()) <= Math.hypot(toward, back);
  }

  private static double facing(Estimate estimate, boolean up) {
    Interval i = estimate.interval();
    return Math.max(0, up ? i.high() - estimate.value() : estimate.value() - i.low());
  }

  /**
   * Compares measured with predicted losses.
   *
   * @param fits fits that the proposal was computed from
   * @param trained study with the proposed mixture, other mixtures, and several seeds at the model
   *     size and budget of the proposal
   * @param unit unit of the fitted losses
   * @param name name of the proposed mixture in the study
   * @return a refusal if there are no new runs of the proposed mixture or of any other mixture, or
   *     if no mixture has two new seeds from which the noise can be estimated
   * @throws IllegalArgumentException if the studies' corpora or domains differ
   */
  public static Answer<ProposalTrial> of(
      Proposal proposal, List<MixtureFit> fits, Findings trained, LossUnit unit, String name) {
    return new ProposalEvaluation(
            proposal, fits, StudyMixtureRuns.byMixture(trained, Metric.of(unit), fits))
        .compare(name);
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%s on %s: measured %s, predicted %s: %s",
                proposed.name(),
                target,
                proposed.measured(),
                proposed.predicted(),
                asPredicted() ? "as predicted" : "not as predicted"));
    differences.forEach(d -> text.append("\n  ").append(d));
    return text.toString();
  }
}
