package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.BestShare.Basis;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/**
 * Predicts losses of mixtures at any model size and budget. If there is a run, its measured loss is
 * returned. Otherwise the loss is predicted by the law closest to the runs: L(D) at a measured
 * model size, L(N) at a measured budget, or else L(N, D).
 *
 * @param series losses at the points of the grid
 * @param free whether predictions at any distance from the runs are allowed
 */
record LossPredictor(StudyGrid grid, LossSeries series, StudyLaws laws, boolean free) {
  /**
   * Largest distance in ln N at which two model sizes are considered equal. For example, 1M also
   * matches a model of 0.97M.
   */
  private static final double SAME_SIZE = Math.log(1.05);

  /**
   * Budgets whose ln D differs by at most this much are considered equal, since runs round budgets
   * to whole steps.
   */
  private static final double SAME_BUDGET = Math.log(1.01);

  /**
   * Returns the measured range of the given mixtures. If none of them was measured, returns the
   * range of all mixtures.
   */
  MeasuredRange range(Collection<String> mixtures) {
    List<StudyGrid.Cell> own = mixtures.stream().flatMap(m -> grid.of(m).stream()).toList();
    return MeasuredRange.of(own.isEmpty() ? grid.cells() : own, free);
  }

  LossPredictor extrapolatingFreely() {
    return new LossPredictor(grid, series, laws, true);
  }

  Optional<StudyGrid.Model> model(Params params) {
    return grid.models().stream()
        .filter(
            m ->
                m.name().equals(params.toString())
                    || distance(m.params().count(), params.count()) <= SAME_SIZE)
        .min(Comparator.comparingDouble(m -> distance(m.params().count(), params.count())));
  }

  Optional<Tokens> budget(Tokens tokens) {
    return grid.budgets().stream()
        .filter(b -> distance(b.count(), tokens.count()) <= SAME_BUDGET)
        .min(Comparator.comparingDouble(b -> distance(b.count(), tokens.count())));
  }

  private static double distance(double a, double b) {
    return Math.abs(Math.log(a / b));
  }

  private Optional<StudyGrid.Cell> cell(String mixture, Params params, Tokens tokens) {
    return model(params).flatMap(m -> budget(tokens).flatMap(b -> grid.cell(mixture, m, b)));
  }

  Answer<LossDistribution> loss(String mixture, Params params, Tokens tokens) {
    Optional<Answer<LossDistribution>> measured = measured(mixture, params, tokens);
    return measured.orElseGet(() -> fitted(mixture, params, tokens));
  }

  Optional<Answer<LossDistribution>> measured(String mixture, Params params, Tokens tokens) {
    return cell(mixture, params, tokens)
        .map(
            c ->
                Answer.known(
                    new LossDistribution(
                        series.value(c), series.draws(c), Basis.MEASURED, List.of())));
  }

  Answer<LossDistribution> fitted(String mixture, Params params, Tokens tokens) {
    return law(mixture, params, tokens)
        .fold(
            (law, warnings) -> {
              double[] inputs = inputs(law, params.count(), tokens.count());
              return Answer.known(
                  new LossDistribution(
                      law.loss(inputs),
                      law.lossDraws(inputs),
                      Basis.FITTED,
                      Texts.joined(warnings, fitWarnings(mixture, law))));
            },
            Answer::refused);
  }

  /** Returns the law that predicts the loss of a mixture, with the warnings of its range. */
  Answer<LawFit> law(String mixture, Params params, Tokens tokens) {
    String question = "loss of " + mixture + " at N=" + params + ", D=" + tokens;
    return range(List.of(mixture))
        .check(question, params, tokens)
        .flatMap(
            range ->
                Stream.of(
                        model(params).map(m -> laws.data(mixture, m)),
                        budget(tokens).map(b -> laws.model(mixture, b)),
                        Optional.of(laws.chinchilla(mixture)))
                    .flatMap(Optional::stream)
                    .reduce(LossPredictor::firstKnown)
                    .orElseThrow()
                    .mapRefusal(law -> withoutRun(question, law)));
  }

  static double[] inputs(LawFit law, double params, double tokens) {
    return law.form().inputs().stream()
        .mapToDouble(in -> in.name().equals(Input.N) ? params : tokens)
        .toArray();
  }

  Answer<FittedCurve> curve(String mixture, Params params) {
    Answer<FittedCurve> joint =
        laws.chinchilla(mixture).map(law -> FittedCurve.ofChinchilla(mixture, law, params.count()));
    return model(params)
        .map(m -> laws.data(mixture, m).map(law -> FittedCurve.ofData(mixture, law)))
        .map(data -> firstKnown(data, joint))
        .orElse(joint)
        .mapRefusal(law -> withoutRun("losses of " + mixture + " at N=" + params, law));
  }

  /** Returns a short warning if a fit is unreliable. The fit itself has detailed warnings. */
  static List<String> fitWarnings(String mixture, LawFit fit) {
    return switch (fit.status()) {
      case CONVERGED -> List.of();
      case AT_BOUND -> List.of("the fit for " + mixture + " stopped at a parameter bound");
      case WEAKLY_IDENTIFIED -> List.of("the fit for " + mixture + " is weakly identified");
    };
  }

  /** Returns the first answer, unless only the second is known. */
  static <T> Answer<T> firstKnown(Answer<T> first, Answer<T> second) {
    return first.isKnown() || !second.isKnown() ? first : second;
  }

  private static Refusal withoutRun(String question, Refusal law) {
    return new Refusal(
        question,
        Texts.format(
            "there is no run at this point, and the %s was refused: %s",
            law.question(), law.reason()),
        law.remedy());
  }

  /**
   * A measured or predicted loss with its draws.
   *
   * @param draws resampled losses, which must not be modified; draw r uses the same documents for
   *     all mixtures
   */
  @SuppressWarnings("ArrayRecordComponent") // internal, never compared
  record LossDistribution(double value, double[] draws, Basis basis, List<String> warnings) {
    Estimate estimate() {
      return new Estimate(value, Quantiles.interval95(draws));
    }
  }

  /**
   * The measured range of N and D for one mixture, or for all mixtures of a law. A prediction
   * outside this range by a factor of more than 10 has a warning. Beyond a factor of 100, there is
   * no prediction.
   *
   * @param free whether predictions at any distance from the range are allowed
   */
  record MeasuredRange(Params smallest, Params largest, Tokens fewest, Tokens most, boolean free) {
    private static final double WARN = 10;
    private static final double REFUSE = 100;

    static MeasuredRange of(List<StudyGrid.Cell> cells, boolean free) {
      List<Params> params = cells.stream().map(c -> c.model().params()).sorted().toList();
      List<Tokens> tokens = cells.stream().map(c -> new Tokens(c.tokens())).sorted().toList();
      return new MeasuredRange(
          params.get(0),
          params.get(params.size() - 1),
          tokens.get(0),
          tokens.get(tokens.size() - 1),
          free);
    }

    /** Returns this range, with warnings if a point is far from it, or else a refusal. */
    Answer<MeasuredRange> check(String question, Params params, Tokens tokens) {
      List<String> far = beyond(params, tokens, REFUSE);
      return far.isEmpty() || free
          ? Answer.known(this, beyond(params, tokens, WARN))
          : Answer.refused(
              question,
              String.join("; ", far),
              "add runs nearer to this point, or call Findings.extrapolatingFreely()");
    }

    private List<String> beyond(Params params, Tokens tokens, double limit) {
      return Stream.of(
              outside("N", params.count(), smallest.count(), largest.count(), limit, Params::new),
              outside("D", tokens.count(), fewest.count(), most.count(), limit, Tokens::new))
          .flatMap(Optional::stream)
          .toList();
    }

    private static Optional<String> outside(
        String name, long x, long low, long high, double limit, LongFunction<Object> quantity) {
      return x > limit * high
          ? Optional.of(
              Texts.format(
                  "%s=%s is %s times the largest measured value, %s",
                  name, quantity.apply(x), Texts.number((double) x / high), quantity.apply(high)))
          : x * limit < low
              ? Optional.of(
                  Texts.format(
                      "%s=%s is 1/%s of the smallest measured value, %s",
                      name, quantity.apply(x), Texts.number((double) low / x), quantity.apply(low)))
              : Optional.empty();
    }
  }

  /**
   * The law of a mixture over tokens at one model size, L(D) = E + B·D^-beta, with its draws. It is
   * either a data law, or a Chinchilla law whose term in N is added to E.
   *
   * @param floor E, the loss in the limit of infinitely many tokens
   * @param scale B, the factor of the power of D
   * @param exponent beta, the exponent of D
   */
  @SuppressWarnings("ArrayRecordComponent") // internal, never compared
  record FittedCurve(
      double floor,
      double scale,
      double exponent,
      double[] floors,
      double[] scales,
      double[] exponents,
      List<String> warnings) {
    private static FittedCurve of(double floor, double[] floors, String mixture, LawFit fit) {
      return new FittedCurve(
          floor,
          fit.value("B"),
          fit.value("beta"),
          floors,
          fit.draws("B"),
          fit.draws("beta"),
          fitWarnings(mixture, fit));
    }

    static FittedCurve ofData(String mixture, LawFit fit) {
      return of(fit.value("E"), fit.draws("E"), mixture, fit);
    }

    static FittedCurve ofChinchilla(String mixture, LawFit fit, double params) {
      double[] a = fit.draws("A");
      double[] alpha = fit.draws("alpha");
      double[] e = fit.draws("E");
      Arrays.setAll(e, r -> e[r] + a[r] * Math.pow(params, -alpha[r]));
      double floor = fit.value("E") + fit.value("A") * Math.pow(params, -fit.value("alpha"));
      return of(floor, e, mixture, fit);
    }

    double loss(double tokens) {
      return loss(floor, scale, exponent, tokens);
    }

    static double loss(double floor, double scale, double exponent, double tokens) {
      return floor + scale * Math.pow(tokens, -exponent);
    }

    double[] lossDraws(double tokens) {
      double[] losses = new double[floors.length];
      Arrays.setAll(losses, r -> loss(floors[r], scales[r], exponents[r], tokens));
      return losses;
    }

    /** Returns the tokens at which the law reaches a loss; infinite if the loss is not above E. */
    double tokensFor(double loss) {
      return tokensFor(loss, floor, scale, exponent);
    }

    double[] tokensForDraws(double[] losses) {
      double[] tokens = new double[losses.length];
      Arrays.setAll(tokens, r -> tokensFor(losses[r], floors[r], scales[r], exponents[r]));
      return tokens;
    }

    private static double tokensFor(double loss, double floor, double scale, double exponent) {
      return loss > floor
          ? Math.max(1, Math.pow(scale / (loss - floor), 1 / exponent))
          : Double.POSITIVE_INFINITY;
    }
  }
}
