package dev.mixlaw.eval.law;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.eval.law.TrustRegionSolver.Minimum;
import dev.mixlaw.eval.stats.GramSchmidt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

final class FitProcedure {
  /**
   * Smallest number of observations per parameter for a bootstrap of cases. With fewer
   * observations, the intervals are too wide. In simulations with 30 points and five parameters,
   * their coverage is 98.8 %.
   */
  private static final int MANY = 20;

  /**
   * Smallest number of runs per parameter for a bootstrap of cases if runs have several
   * checkpoints. A run with several checkpoints contains more information than a single row.
   */
  private static final int MANY_RUNS = 5;

  /**
   * Largest product of resamples, rows and squared parameters at which the number of resamples is
   * not reduced.
   */
  private static final double RESAMPLING_COST = 2e8;

  private static final double POOR = 0.5;

  /** Residuals below this value are considered rounding errors. */
  private static final double ROUNDING = 1e-10;

  private static final int FEWEST = 100;
  private static final int MOST = 1000;

  /** Largest number of minima, in addition to the lowest, at which refits start. */
  private static final int MOST_RIVALS = 2;

  private static final double SEARCH_PART = 1 / 3.0;

  private final LawFitter settings;
  private final LawForm form;
  private final Criterion criterion;
  private final Observations all;
  private final Observations kept;
  private final Observations out;
  private final double[][] inputs;
  private final ParameterSpace space;
  private final FitData rows;

  private FitProcedure(LawFitter settings, Observations all) {
    this.settings = settings;
    this.all = all;
    form = settings.form;
    criterion = settings.criterion();
    Predicate<Observations.Observation> test = heldOutTest();
    out = all.where(test);
    kept = all.where(test.negate());
    inputs = FitData.inputs(form, kept);
    space = settings.space();
    rows = FitData.of(form, kept, criterion);
  }

  public static Answer<LawFit> fit(LawFitter settings, Observations observations) {
    return new FitProcedure(settings, observations).answer();
  }

  private Predicate<Observations.Observation> heldOutTest() {
    return settings.heldOut.orElse(o -> false);
  }

  private Answer<LawFit> answer() {
    if (settings.heldOut.isPresent() && out.size() == 0) {
      return refused("no observation is held out", "set a condition that some observations meet");
    }
    if (space.dimension == 0) {
      return refused("every parameter is fixed", "leave at least one parameter free");
    }
    Optional<Refusal> refusal = DesignCheck.refusal(settings.name, form, inputs, space.dimension);
    if (refusal.isPresent()) {
      return Answer.refused(refusal.get());
    }
    List<Minimum> minima = search(settings.seed);
    Identification identification = identification(minima);
    if (isDoubtful(minima, identification)) {
      // The second search has another seed, so it is independent of the first given the data.
      List<Minimum> second = search(~settings.seed);
      if (!second.isEmpty()
          && (minima.isEmpty() || second.get(0).value() < minima.get(0).value())) {
        minima = second;
        identification = identification(minima);
      }
    }
    if (minima.isEmpty() || !minima.get(0).converged()) {
      return refused(
          "two independent searches found no minimum", "use other data or fix some parameters");
    }
    if (!identification.vanished().isEmpty()) {
      return refused(
          String.join(", ", identification.vanished())
              + " has no effect at the best fit that two independent searches found: "
              + describe(minima.get(0).parameters()),
          "use data that identify this term, or a form without it");
    }
    return Answer.known(conclude(minima, identification));
  }

  private List<Minimum> search(long seed) {
    return GlobalSearch.minima(
        space,
        rows,
        criterion,
        seed,
        settings.executor,
        part -> settings.progress.accept(part * SEARCH_PART));
  }

  private Identification identification(List<Minimum> minima) {
    return new Identification(
        space,
        rows,
        criterion,
        minima.isEmpty() ? space.newParameters() : minima.get(0).parameters());
  }

  private static boolean isDoubtful(List<Minimum> minima, Identification identification) {
    return minima.isEmpty() || !minima.get(0).converged() || !identification.vanished().isEmpty();
  }

  private LawFit conclude(List<Minimum> minima, Identification identification) {
    Minimum best = minima.get(0);
    double[] values = best.parameters();
    double[] residuals = rows.residuals(form, values, criterion);
    Resampling resampling = resampling();
    Linearized linearized = linearized(rows, values, residuals);
    FitNoise noise = FitNoise.of(rows, linearized.residuals, space.dimension);
    List<Minimum> rivals =
        minima.stream()
            .skip(1)
            .filter(m -> m.converged() && m.value() <= GlobalSearch.NEARLY * best.value())
            .toList();
    int resamples = resamples(resampling);
    Bootstrap.Draws draws =
        new Bootstrap(
                space,
                rows,
                criterion,
                resampling,
                new RandomStreams(settings.seed, kept),
                values,
                rivals.stream()
                    .limit(space.dimension > 10 ? 1 : MOST_RIVALS)
                    .map(Minimum::parameters)
                    .toList(),
                noise)
            .draw(
                resamples,
                settings.executor,
                part -> settings.progress.accept(SEARCH_PART + part * (1 - SEARCH_PART)));

    List<String> warnings = new ArrayList<>();
    FittedLaw.Status status = status(values, draws, identification, warnings);
    if (!rivals.isEmpty()) {
      Minimum next = rivals.get(0);
      warnings.add(
          Texts.format(
              "another minimum of the objective is almost as low (%.6g; the lowest is %.6g): %s%s",
              next.value(),
              best.value(),
              describe(next.parameters()),
              rivals.size() > 1 ? ", and " + (rivals.size() - 1) + " more" : ""));
    }
    Optional<String> misfit = lackOfFit(linearized, best, resamples);
    Optional<ExtrapolationError> extrapolation =
        misfit.flatMap(m -> ExtrapolationError.of(form, rows, inputs, times -> refit(times, best)));
    misfit.ifPresent(
        m ->
            warnings.add(
                m
                    + (extrapolation.isPresent()
                        ? "; intervals of new runs with larger N or D include the errors of fits without the largest N or D; other intervals are valid only if the form fits"
                        : "; intervals are valid only inside the data and if the form fits")));
    double r2 = r2(values);
    if (r2 < POOR) {
      warnings.add(
          Texts.format(
              "R² is %.2f: the law explains little of the differences in loss%s",
              r2, r2 <= 0 ? "; it predicts no better than the mean loss" : ""));
    }
    if (!isExact(residuals)) {
      CheckpointCheck.warning(kept, residuals).ifPresent(warnings::add);
    }
    int[] outliers = Sensitivity.outliers(residuals);
    if (outliers.length > 0) {
      warnings.add(
          "%s outliers lie more than six robust standard deviations from the law: %s%s"
              .formatted(
                  outliers.length,
                  Arrays.stream(outliers)
                      .limit(8)
                      .mapToObj(i -> kept.get(i).label())
                      .collect(Collectors.joining(", ")),
                  outliers.length > 8 ? ", ..." : ""));
    }
    if (draws.replaced() + draws.failed() > 0) {
      warnings.add(
          "%s of %s resamples did not converge and were left out%s"
              .formatted(
                  draws.replaced(),
                  resamples + draws.replaced(),
                  draws.failed() > 0
                      ? "; " + draws.failed() + " more could not be replaced and are included"
                      : ""));
    }
    List<LawFit> others =
        rivals.stream()
            .map(
                m ->
                    fit(
                        m,
                        out.where(row -> false),
                        new double[0][],
                        noise,
                        identification(List.of(m)),
                        FittedLaw.Status.CONVERGED,
                        List.of(),
                        Optional.empty(),
                        List.of()))
            .toList();
    return fit(
        best,
        out,
        draws.parameters(),
        noise,
        identification,
        status,
        others,
        extrapolation,
        warnings);
  }

  private LawFit fit(
      Minimum minimum,
      Observations heldOut,
      double[][] draws,
      FitNoise noise,
      Identification identification,
      FittedLaw.Status status,
      List<LawFit> otherMinima,
      Optional<ExtrapolationError> extrapolation,
      List<String> warnings) {
    double[] values = minimum.parameters();
    LawFit.Summary summary =
        new LawFit.Summary(
            minimum.value(),
            r2(values),
            status,
            identification.condition(),
            DesignCheck.distinct(inputs),
            resampling(),
            otherMinima,
            extrapolation,
            warnings);
    double[] residuals = rows.residuals(form, values, criterion);
    return new LawFit(settings, kept, heldOut, values, draws, residuals, noise, summary);
  }

  /**
   * The linearization of a fit at the optimum.
   *
   * @param jacobian derivatives of the residuals, multiplied by the square roots of the weights
   * @param residuals residuals of a least-squares refit, multiplied by the square roots of the
   *     weights. Residuals of the robust fit would overstate the noise, because a robust fit passes
   *     through some points and leaves all error to the other points
   */
  @SuppressWarnings("ArrayRecordComponent") // internal, never compared
  private record Linearized(double[] jacobian, double[] residuals) {}

  /**
   * Returns a warning if the form does not fit. If rows are held out, a fit to all rows is tested,
   * because it has more power than a fit without the largest budgets.
   */
  private Optional<String> lackOfFit(Linearized fit, Minimum best, int resamples) {
    if (isExact(fit.residuals)) {
      return Optional.empty();
    }
    if (out.size() == 0) {
      return new LackOfFit(form, rows, inputs, fit.jacobian, space.dimension, fit.residuals)
          .warning(LackOfFit.LEVEL);
    }
    FitData every = FitData.of(form, all, criterion);
    double[] values =
        new TrustRegionSolver(space, criterion)
            .minimize(every, best.parameters(), Bootstrap.TOLERANCE)
            .parameters();
    Linearized whole = linearized(every, values, every.residuals(form, values, criterion));
    return new LackOfFit(
            form,
            every,
            FitData.inputs(form, all),
            whole.jacobian,
            space.dimension,
            whole.residuals)
        .warning(LackOfFit.LEVEL - (resamples > 0 ? HeldOutEvaluation.LEVEL : 0));
  }

  /** Returns whether the residuals are rounding errors, whose pattern means nothing. */
  private static boolean isExact(double[] residuals) {
    return Arrays.stream(residuals).allMatch(r -> Math.abs(r) < ROUNDING);
  }

  /**
   * Fits the law to some of the rows, starting at the minimum of the fit to all rows.
   *
   * @param times how often each row is used; 0 to leave it out
   */
  private Optional<double[]> refit(int[] times, Minimum start) {
    double[][] some =
        IntStream.range(0, rows.count)
            .filter(i -> times[i] > 0)
            .mapToObj(i -> inputs[i])
            .toArray(double[][]::new);
    if (DesignCheck.refusal(settings.name, form, some, space.dimension).isPresent()) {
      return Optional.empty();
    }
    Minimum m =
        new TrustRegionSolver(space, criterion)
            .minimize(rows.drawn(times), start.parameters(), Bootstrap.TOLERANCE);
    return m.converged() ? Optional.of(m.parameters()) : Optional.empty();
  }

  private Linearized linearized(FitData rows, double[] values, double[] residuals) {
    ObjectiveEvaluation state =
        ObjectiveEvaluation.at(space.around(values), rows, criterion, values);
    double[] weighted = residuals.clone();
    for (int i = 0; i < rows.count; i++) {
      double root = Math.sqrt(rows.weights[i]);
      weighted[i] *= root;
      for (int k = 0; k < space.dimension; k++) {
        state.jacobian[i * space.dimension + k] *= root;
      }
    }
    return new Linearized(
        state.jacobian,
        new GramSchmidt(state.jacobian, rows.count, space.dimension).residuals(weighted));
  }

  private FittedLaw.Status status(
      double[] values,
      Bootstrap.Draws draws,
      Identification identification,
      List<String> warnings) {
    List<String> open = new ArrayList<>();
    ParameterSpace around = space.around(values);
    for (int k = 0; k < space.dimension; k++) {
      Parameter p = around.parameter(k);
      int at = around.parameter[k];
      Interval interval =
          LawFit.interval95(Arrays.stream(draws.parameters()).mapToDouble(d -> d[at]).toArray());
      // The width of an interval is compared with the value only if the parameter has a natural
      // scale. Factors of a term vary with the exponents by orders of magnitude, and parameters
      // that can be negative have no natural scale.
      boolean comparable =
          p.lower() >= 0 && !(p.coefficient() && p.logarithmic()) && around.dependent[k] < 0;
      if (comparable
          && identification.isActive(k)
          && interval.high() - interval.low() > Math.abs(values[at])
          && draws.parameters().length > 0) {
        open.add(p.name());
      }
    }
    warnings.addAll(identification.warnings());
    if (!open.isEmpty()) {
      warnings.add(
          "weakly identified: the interval is wider than the value itself for "
              + String.join(", ", open));
    }
    if (identification.isAtBound()) {
      return FittedLaw.Status.AT_BOUND;
    }
    return open.isEmpty() && !identification.isFlat()
        ? FittedLaw.Status.CONVERGED
        : FittedLaw.Status.WEAKLY_IDENTIFIED;
  }

  private int resamples(Resampling resampling) {
    if (resampling.kind == Resampling.Kind.LOSSES) {
      return resampling.losses.length;
    }
    double cost = (double) rows.count * space.dimension * space.dimension;
    return settings.resamples != LawFitter.BY_COST
        ? settings.resamples
        : (int) Math.max(FEWEST, Math.min(MOST, RESAMPLING_COST / cost));
  }

  private Resampling resampling() {
    if (settings.resampling.kind == Resampling.Kind.AUTOMATIC) {
      boolean many =
          (rows.units.isEmpty()
                  ? rows.count >= MANY * space.dimension
                  : rows.unitCount() >= MANY_RUNS * space.dimension)
              && DesignCheck.distinct(inputs) >= 3 * space.dimension;
      return many ? Resampling.cases() : Resampling.parametric();
    }
    if (settings.resampling.kind == Resampling.Kind.LOSSES) {
      Predicate<Observations.Observation> test = heldOutTest();
      int[] position = IntStream.range(0, all.size()).filter(i -> !test.test(all.get(i))).toArray();
      for (double[] losses : settings.resampling.losses) {
        if (losses.length != all.size() || !Arrays.stream(losses).allMatch(FitProcedure::isLoss)) {
          throw new IllegalArgumentException(
              "resampled losses: each resample must have %s finite positive numbers; got %s"
                  .formatted(all.size(), Arrays.toString(losses)));
        }
      }
      return Resampling.losses(
          Arrays.stream(settings.resampling.losses)
              .map(l -> Arrays.stream(position).mapToDouble(i -> l[i]).toArray())
              .toArray(double[][]::new));
    }
    return settings.resampling;
  }

  private static boolean isLoss(double loss) {
    return loss > 0 && !Double.isInfinite(loss);
  }

  private double r2(double[] values) {
    double[] predicted = rows.predicted(form, values);
    double mean = Arrays.stream(rows.losses).average().orElseThrow();
    double residual = 0;
    double total = 0;
    for (int i = 0; i < rows.count; i++) {
      residual += (rows.losses[i] - predicted[i]) * (rows.losses[i] - predicted[i]);
      total += (rows.losses[i] - mean) * (rows.losses[i] - mean);
    }
    return total > 0 ? 1 - residual / total : 0;
  }

  private String describe(double[] values) {
    return IntStream.range(0, values.length)
        .mapToObj(k -> Texts.format("%s %.5g", form.parameters().get(k).name(), values[k]))
        .collect(Collectors.joining(", "));
  }

  private Answer<LawFit> refused(String reason, String remedy) {
    return Answer.refused(settings.name, reason, remedy);
  }
}
