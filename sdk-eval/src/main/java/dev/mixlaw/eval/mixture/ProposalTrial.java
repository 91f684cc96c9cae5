package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.units.LossUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The result of training a proposal and other mixtures.
 *
 * <p>Runs to which the model was fitted are excluded, because the best of many mixtures is partly
 * best due to the noise of its run. The intervals of measured losses include the seed noise, whose
 * standard deviation is pooled over all mixtures. They do not include the noise of the evaluation
 * documents.
 *
 * @param target description of the domains
 * @param differences differences between the proposal and each other mixture, in the order of
 *     {@code others}
 */
public record ProposalTrial(
    String target,
    TrainingScale scale,
    Tried proposed,
    List<Tried> others,
    List<Difference> differences) {
  public ProposalTrial {
    others = List.copyOf(others);
    differences = List.copyOf(differences);
  }

  /**
   * A trained mixture.
   *
   * @param predicted predicted loss at these shares, with its confidence interval
   * @param measured mean loss over seeds, with its confidence interval
   */
  public record Tried(
      String name, Map<String, Double> shares, Estimate predicted, Estimate measured, int seeds) {
    public Tried {
      shares = Collections.unmodifiableMap(new LinkedHashMap<>(shares));
    }
  }

  /**
   * The loss of the proposal minus the loss of another mixture; negative if the proposal is better.
   *
   * @param predicted predicted difference, where each refit predicts both losses
   */
  public record Difference(String other, Estimate predicted, Estimate measured) {
    /**
     * Returns whether the measured difference is significant. The difference is significant if its
     * interval excludes 0.
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

    /** Returns whether predicted and measured difference agree within their intervals. */
    public boolean asPredicted() {
      return agree(predicted, measured);
    }

    @Override
    public String toString() {
      return Texts.format(
          "%s %s: measured %s, predicted %s%s",
          relation(),
          other,
          text(measured),
          text(predicted),
          asPredicted() ? "" : "; the two disagree");
    }

    private static String text(Estimate e) {
      return Texts.format(
          "%+.4f (%+.4f to %+.4f)", e.value(), e.interval().low(), e.interval().high());
    }
  }

  /** Returns whether predicted and measured loss of the proposal agree within their intervals. */
  public boolean asPredicted() {
    return agree(proposed.predicted(), proposed.measured());
  }

  /**
   * Returns whether two values agree within their intervals. Their difference must be at most the
   * root of the sum of squares of the two half-widths that face each other.
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
   * Compares the measured losses of a study with the predicted losses.
   *
   * @param fits fits from which the proposal was computed
   * @param trained study of the proposed mixture and other mixtures, with several seeds at the
   *     model size and budget of the proposal
   * @param name name of the proposed mixture in the study
   * @return the result; or the reason why there is none: there are no new runs of the proposed
   *     mixture or of any other mixture, or no mixture has two new seeds to estimate the noise
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
            Texts.format(
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
