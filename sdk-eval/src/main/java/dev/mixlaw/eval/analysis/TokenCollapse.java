package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.CollapseVerdict;
import dev.mixlaw.api.results.CollapseVerdict.Outcome;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.law.LawForms;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Collapse over tokens: does a mixture run into a floor above natural text's?
 *
 * <p>Two tests, either of which is enough:
 *
 * <ol>
 *   <li>E of the mixture's data law minus E of the natural one's: its 95 % interval lies above 0.
 *       Laws whose draws are of the same resampled documents are compared draw by draw.
 *   <li>A floor F on top of the natural law's own E and beta, L(D) = E_0 + F + B·D^-beta_0, has a
 *       95 % interval above 0, and predicts the largest D better than F = 0 does when that D is
 *       kept out. F and B by least squares of relative errors, in each draw of both laws.
 * </ol>
 *
 * <p>If neither holds, it is no collapse where the interval of E's difference ends below a margin,
 * and not decidable otherwise. The first violation is the smallest D whose loss lies above the 95 %
 * prediction interval of E_0 + B·D^-beta_0, with B from the smaller D alone.
 *
 * <p>Neither is asked where a law lies at the edge of what is allowed (E of 0, say): its floor is
 * then where the search had to stop, and an interval about it the choice of that edge. Simulated at
 * 5 budgets over a factor of 3.5 to 6, such laws saw a floor of .4 nats in 4 to 7 % of cases.
 *
 * <p>Each test errs in 2.5 % of mixtures without an extra floor, so both together in 5 % at most.
 * In five times 300 simulations (5 to 9 budgets from 1e5 on, doubling; noise .1 to 1 %; B 1 to 1.33
 * times the natural one) collapse was said of .3 to 3.7 % of them.
 */
final class TokenCollapse {
  /** Default margin: 2 % of the natural floor. */
  public static final double MARGIN = 0.02;

  private TokenCollapse() {}

  /** A verdict with the default margin. */
  public static CollapseVerdict judge(Answer<LawFit> natural, Answer<LawFit> mixture) {
    return judge(natural, mixture, MARGIN);
  }

  /**
   * A verdict.
   *
   * @param natural data law of natural text
   * @param mixture data law of the mixture at the same model
   * @param margin relative to the natural E, below which an excess counts as none
   */
  public static CollapseVerdict judge(
      Answer<LawFit> natural, Answer<LawFit> mixture, double margin) {
    if (natural instanceof Answer.Refused<LawFit> refused) {
      return undecidable(refused);
    }
    if (mixture instanceof Answer.Refused<LawFit> refused) {
      return undecidable(refused);
    }
    return judge(natural.orElseThrow(), mixture.orElseThrow(), margin);
  }

  private static CollapseVerdict undecidable(Answer.Refused<LawFit> refused) {
    return new CollapseVerdict(Outcome.NOT_DECIDABLE, refused.toString(), Optional.empty());
  }

  private static CollapseVerdict judge(LawFit natural, LawFit mixture, double margin) {
    requireData(natural);
    requireData(mixture);
    Optional<String> edge = edge("the baseline's law", natural).or(() -> edge("its law", mixture));
    if (edge.isPresent()) {
      return new CollapseVerdict(Outcome.NOT_DECIDABLE, edge.get(), Optional.empty());
    }
    double excess = mixture.value("E") - natural.value("E");
    Interval interval = excessInterval(natural, mixture);
    String figures =
        String.format(
            Locale.ROOT,
            "the mixture's floor E is %.4g above the natural one's (%.4g to %.4g)",
            excess,
            interval.low(),
            interval.high());
    FloorTest shape = new FloorTest(natural, mixture);
    if (interval.low() > 0) {
      return new CollapseVerdict(Outcome.COLLAPSE, figures, firstViolation(shape));
    }
    Optional<String> floor = shape.floor();
    if (floor.isPresent()) {
      return new CollapseVerdict(Outcome.COLLAPSE, floor.get(), firstViolation(shape));
    }
    if (interval.high() < margin * natural.value("E")) {
      return new CollapseVerdict(Outcome.NO_COLLAPSE, figures, Optional.empty());
    }
    return new CollapseVerdict(
        Outcome.NOT_DECIDABLE,
        figures
            + String.format(Locale.ROOT, ", which a margin of %.2g %% cannot tell", 100 * margin),
        Optional.empty());
  }

  /** Why a law has no floor to compare, if so. */
  private static Optional<String> edge(String whose, LawFit fit) {
    return fit.status() == FittedLaw.Status.AT_BOUND
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "%s is at the edge of what is allowed (E %.3g, B %.3g, beta %.3g): these budgets do"
                    + " not show where it bends, so its floor is no measurement; larger ones would",
                whose,
                fit.value("E"),
                fit.value("B"),
                fit.value("beta")))
        : Optional.empty();
  }

  private static void requireData(LawFit fit) {
    if (!fit.form().equals(LawForms.DATA)) {
      throw new IllegalArgumentException("a data law is needed, not " + fit.form().formula());
    }
  }

  private static Interval excessInterval(LawFit natural, LawFit mixture) {
    double[] own = mixture.draws("E");
    double[] base = natural.draws("E");
    double[] excess = new double[Math.min(own.length, base.length)];
    Arrays.setAll(excess, r -> own[r] - base[r]);
    return Quantiles.interval95(excess);
  }

  private static Optional<String> firstViolation(FloorTest shape) {
    return shape.firstViolation().stream()
        .mapToObj(d -> "D=" + new Tokens(Math.round(d)))
        .findFirst();
  }
}
