package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.units.LossUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What became of a proposal when it was trained beside other mixtures.
 *
 * <p>Only runs that the model was not fitted to count: the best of many tried mixtures looks better
 * in the run that made it the best than in any other. Measured intervals are of the seeds: one
 * spread pooled over all mixtures, and as uncertain as so few seeds leave it. They do not say what
 * other documents to measure on would have changed.
 *
 * @param target the domains that the loss is an average of
 * @param scale size and budget
 * @param proposed the proposal as it was trained
 * @param others what it was trained beside
 * @param differences the proposal against each of the others, in their order
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
   * A mixture that was trained.
   *
   * @param shares as achieved
   * @param predicted by the fit at these shares: where the surface lies
   * @param measured mean over seeds, with the interval of that mean
   * @param seeds number of runs
   */
  public record Tried(
      String name, Map<String, Double> shares, Estimate predicted, Estimate measured, int seeds) {
    public Tried {
      Objects.requireNonNull(name, "name");
      shares = Collections.unmodifiableMap(new LinkedHashMap<>(shares));
    }
  }

  /** Whether the proposal was the better one. */
  public enum Verdict {
    /** The measured difference's interval lies below 0. */
    BETTER,
    /** It holds 0. */
    NOT_TOLD,
    /** It lies above 0. */
    WORSE
  }

  /**
   * The proposal's loss minus another mixture's: below 0 the proposal is better.
   *
   * @param predicted both from the same refits
   */
  public record Difference(String other, Estimate predicted, Estimate measured) {
    public Verdict verdict() {
      if (measured.interval().contains(0)) {
        return Verdict.NOT_TOLD;
      }
      return measured.value() < 0 ? Verdict.BETTER : Verdict.WORSE;
    }

    /** Whether the prediction agrees with what was measured, as far as both are known. */
    public boolean asPredicted() {
      return agree(predicted, measured);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s %s: measured %s, predicted %s%s",
          switch (verdict()) {
            case BETTER -> "better than";
            case NOT_TOLD -> "not to be told from";
            case WORSE -> "worse than";
          },
          other,
          text(measured),
          text(predicted),
          asPredicted() ? "" : ", which does not agree");
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

  /** Whether the proposal's own loss is as predicted, as far as both are known. */
  public boolean asPredicted() {
    return agree(proposed.predicted(), proposed.measured());
  }

  /** Their difference against the parts of their intervals that face each other, squares added. */
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
   * Sets measured losses beside predicted ones.
   *
   * @param fits that the proposal was made with
   * @param trained a study with the proposed mixture, others, and several seeds at the proposal's
   *     size and budget
   * @param unit of the fitted losses
   * @param name of the proposed mixture in it
   * @return refused if the proposed mixture, or every other, was not run anew, or no mixture has
   *     two new seeds: nothing then tells the noise
   * @throws IllegalArgumentException if the studies' corpora or domains differ
   */
  public static Answer<ProposalTrial> of(
      Proposal proposal, List<MixtureFit> fits, Findings trained, LossUnit unit, String name) {
    return new ProposalEvaluation(proposal, fits, StudyMixtureRuns.byMixture(trained, unit, fits))
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
