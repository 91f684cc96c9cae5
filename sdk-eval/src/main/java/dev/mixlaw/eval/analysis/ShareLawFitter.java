package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.internal.Interrupts;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.eval.analysis.ShareLaws.ShareLawForm;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.law.LawFitter;
import dev.mixlaw.eval.law.Observations;
import dev.mixlaw.eval.stats.NoiseEstimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Fits a law over shares to the range of shares in which it describes the losses.
 *
 * <p>A polynomial that does not describe the losses yields a wrong best share with a narrow
 * interval, so each fit is tested. Losses are simulated from the law itself, with seed noise and
 * the scatter of points about the laws of their own mixtures, and the law is refitted to them. The
 * law fails the test if less than 5 % of the simulations are as far from their law as the measured
 * losses. It is then fitted only to the five shares nearest to the best share, and tested again.
 *
 * <p>If no point has two seeds, there is no estimate of the noise and thus no test. The distances
 * between the curves of whole mixtures and the law then count as noise.
 */
final class ShareLawFitter {
  private static final double LEVEL = 0.05;
  private static final int TESTS = 200;

  /** Smallest number of selected shares. A cubic would fit four shares exactly. */
  private static final int FEWEST_LEFT = 5;

  private final LossSeries series;
  private final String corpus;
  private final ShareLawForm form;
  private final String place;
  private final Optional<NoiseEstimate> excess;

  /** Whether the noise is known, so that a fit can be tested. */
  private final boolean testable;

  ShareLawFitter(
      StudyLaws laws, LossSeries series, String corpus, ShareLawForm form, String place) {
    this.series = series;
    this.corpus = corpus;
    this.form = form;
    this.place = place;
    excess = laws.excess(form.ofOneShare());
    testable = excess.isPresent() && (!overTokens() || series.seeds().known());
  }

  /** A fitted law and the range of shares in which it is valid. */
  record Fitted(LawFit law, double lowest, double highest, List<String> warnings) {
    Fitted {
      warnings = List.copyOf(warnings);
    }
  }

  Answer<Fitted> of(NavigableMap<Double, List<StudyGrid.Cell>> all) {
    Optional<Refusal> refusal = new Points(all).designRefusal();
    if (refusal.isPresent()) {
      return Answer.refused(refusal.get());
    }
    NavigableMap<Double, List<StudyGrid.Cell>> some = new TreeMap<>(all);
    while (true) {
      Points points = new Points(some);
      Optional<LawFit> first = points.first();
      if (first.isPresent() && (!testable || points.passes(first.get()))) {
        return Answer.known(
            new Fitted(
                points.refitted(first.get()),
                some.firstKey(),
                some.lastKey(),
                warnings(all, some)));
      }
      if (some.size() <= FEWEST_LEFT) {
        return Answer.refused(
            name(),
            "the losses do not follow a polynomial in the share, not even near the best share",
            "add runs with shares near the best share");
      }
      while (some.size() > FEWEST_LEFT) {
        double best = best(some);
        some.remove(
            best - some.firstKey() > some.lastKey() - best ? some.firstKey() : some.lastKey());
      }
    }
  }

  private LawFitter fitter() {
    return LawFitter.of(form).named(name());
  }

  private String name() {
    return Texts.format(
        "law of shares of %s%s on %s",
        corpus,
        place,
        (series.domain().equals(FittedLaw.MACRO) ? "the macro average" : series.domain()));
  }

  private boolean overTokens() {
    return form.inputs().stream().anyMatch(in -> in.name().equals(Input.D));
  }

  private List<String> warnings(
      NavigableMap<Double, List<StudyGrid.Cell>> all,
      NavigableMap<Double, List<StudyGrid.Cell>> some) {
    List<String> warnings = new ArrayList<>();
    if (some.size() < all.size()) {
      warnings.add(
          Texts.format(
              "the law is valid only for shares of %s from %s to %s %%; no cubic fits all shares",
              corpus, Texts.number(100 * some.firstKey()), Texts.number(100 * some.lastKey())));
    }
    if (!form.cubic()) {
      warnings.add(
          "four shares are too few for a cubic, so the interval is valid only if the loss is a parabola in the share; add a fifth share");
    }
    if (!testable) {
      warnings.add(
          "without a second seed, noise and a bad fit cannot be distinguished; the intervals include both");
    }
    return warnings;
  }

  private double best(NavigableMap<Double, List<StudyGrid.Cell>> shares) {
    Set<List<Object>> common = places(shares.firstEntry().getValue());
    shares.values().forEach(cells -> common.retainAll(places(cells)));
    ToDoubleFunction<List<StudyGrid.Cell>> mean =
        cells ->
            cells.stream()
                .filter(c -> common.isEmpty() || common.contains(place(c)))
                .mapToDouble(series::value)
                .average()
                .orElseThrow();
    return shares.entrySet().stream()
        .min(Comparator.comparingDouble(e -> mean.applyAsDouble(e.getValue())))
        .orElseThrow()
        .getKey();
  }

  private static Set<List<Object>> places(List<StudyGrid.Cell> cells) {
    return cells.stream().map(ShareLawFitter::place).collect(Collectors.toCollection(HashSet::new));
  }

  private static List<Object> place(StudyGrid.Cell cell) {
    return List.of(cell.model(), cell.budget());
  }

  private final class Points {
    private final List<StudyGrid.Cell> cells = new ArrayList<>();
    private final List<double[]> inputs = new ArrayList<>();
    private final int shares;

    Points(NavigableMap<Double, List<StudyGrid.Cell>> byShare) {
      shares = byShare.size();
      byShare.forEach(
          (share, own) ->
              own.forEach(
                  c -> {
                    cells.add(c);
                    inputs.add(form.inputs(share, in -> LawResampling.input(in, c)));
                  }));
    }

    Observations observations() {
      return Observations.of(
          form.inputs().stream().map(Input::name).toList(),
          IntStream.range(0, cells.size()).mapToObj(this::observation).toList());
    }

    private Observations.Observation observation(int i) {
      StudyGrid.Cell cell = cells.get(i);
      return new Observations.Observation(
          LawResampling.label(cell), inputs.get(i), series.value(cell));
    }

    Optional<Refusal> designRefusal() {
      return LawFitter.checkDesign(name(), form, inputs.toArray(double[][]::new));
    }

    /** Returns a fit, or empty if no minimum is found because the law does not match the losses. */
    Optional<LawFit> first() {
      return fitter().bootstrap(0).fit(observations()).toOptional();
    }

    private double[] fitted(LawFit law) {
      return inputs.stream().mapToDouble(law::loss).toArray();
    }

    private long seed() {
      return series.seedOf(form.id(), corpus, place, shares);
    }

    /**
     * Returns whether at least 5 % of the simulations are as far from their refitted law as the
     * measured losses are from the given law.
     */
    boolean passes(LawFit law) {
      double[] fitted = fitted(law);
      double[][] simulated =
          LawResampling.draws(
              LawResampling.unmoved(fitted, TESTS),
              fitted,
              shifts(fitted),
              excess.orElseThrow(),
              new SplittableRandom(seed()));
      LawFit refits = fitter().resampleLosses(simulated).fit(observations()).orElseThrow();
      double[] measured = cells.stream().mapToDouble(series::value).toArray();
      double far = distance(fitted, measured);
      int asFar = 0;
      for (int r = 0; r < TESTS; r++) {
        double[] parameters = refits.draw(r);
        double[] own = inputs.stream().mapToDouble(in -> form.loss(parameters, in)).toArray();
        asFar += distance(own, simulated[r]) >= far ? 1 : 0;
      }
      return asFar >= LEVEL * TESTS;
    }

    private static double distance(double[] fitted, double[] losses) {
      double sum = 0;
      for (int i = 0; i < fitted.length; i++) {
        double relative = fitted[i] / losses[i] - 1;
        sum += relative * relative;
      }
      return sum;
    }

    /** Refits the law to draws of the losses with resampled documents, seed noise and scatter. */
    LawFit refitted(LawFit law) {
      double[] fitted = fitted(law);
      NoiseEstimate own =
          new NoiseEstimate(law.noise(), Math.max(1, cells.size() - form.parameters().size()));
      double[][] draws =
          LawResampling.draws(
              LawResampling.moved(series, cells, fitted),
              fitted,
              testable && overTokens() ? likelyShifts(fitted) : shifts(fitted),
              excess.orElse(own),
              new SplittableRandom(seed()));
      return fitter().resampleLosses(draws).fit(observations()).orElseThrow();
    }

    private Map<List<Object>, List<Integer>> curves() {
      Map<List<Object>, List<Integer>> curves = new LinkedHashMap<>();
      for (int i = 0; i < cells.size(); i++) {
        curves
            .computeIfAbsent(
                List.of(cells.get(i).mixture(), cells.get(i).model()), c -> new ArrayList<>())
            .add(i);
      }
      return curves;
    }

    private List<StudyGrid.Cell> points(List<Integer> curve) {
      return curve.stream().map(cells::get).toList();
    }

    /**
     * Draws the effects of other seeds on the curves of all mixtures and models, for a law that has
     * passed the test. A few seeds estimate the noise poorly, so each draw of the noise has a
     * probability proportional to the likelihood of the mean distances e between the measured
     * curves and the law:
     *
     * <pre>p ∝ Π_curves exp(-e² / 2v) · v^(-(1 - parameters / curves) / 2)</pre>
     *
     * <p>where v is the variance of a mean distance according to the draw.
     */
    private double[][] likelyShifts(double[] fitted) {
      double[][] shifts = LawResampling.noShifts(series, cells);
      Map<List<Object>, List<Integer>> curves = curves();
      double share = Math.max(0, 1 - form.parametersOfCurves() / (double) curves.size());
      int resamples = shifts[0].length;
      double[] log = new double[resamples];
      double highest = Double.NEGATIVE_INFINITY;
      for (int r = 0; r < resamples; r++) {
        Interrupts.check();
        for (List<Integer> curve : curves.values()) {
          double distance = 0;
          for (int i : curve) {
            distance += (series.value(cells.get(i)) - fitted[i]) / curve.size();
          }
          double spread = series.seeds().spreadOfMean(r, points(curve));
          double ratio = distance / Math.max(spread, Double.MIN_NORMAL);
          log[r] -= 0.5 * ratio * ratio + share * Math.log(Math.max(spread, Double.MIN_NORMAL));
        }
        highest = Math.max(highest, log[r]);
      }
      double[] sums = new double[resamples];
      for (int r = 0; r < resamples; r++) {
        sums[r] = (r == 0 ? 0 : sums[r - 1]) + Math.exp(log[r] - highest);
      }
      SplittableRandom random = new SplittableRandom(~seed());
      for (int r = 0; r < resamples; r++) {
        double place = random.nextDouble() * sums[resamples - 1];
        int at = Arrays.binarySearch(sums, place);
        int likely = Math.min(at < 0 ? -at - 1 : at, resamples - 1);
        for (List<Integer> curve : curves.values()) {
          double[] effects = series.seeds().path(likely, points(curve), random);
          for (int k = 0; k < effects.length; k++) {
            shifts[curve.get(k)][r] = effects[k];
          }
        }
      }
      return shifts;
    }

    /**
     * Draws the effects of other seeds on whole curves. The seed noise is estimated from several
     * seeds or, if there are none, from the residuals.
     */
    private double[][] shifts(double[] fitted) {
      if (!overTokens()) {
        return LawResampling.noShifts(series, cells);
      }
      if (series.seeds().known()) {
        return LawResampling.seedShifts(series, cells);
      }
      Map<List<Object>, List<Integer>> curves = curves();
      double squares = 0;
      for (List<Integer> curve : curves.values()) {
        double mean =
            curve.stream()
                .mapToDouble(i -> series.value(cells.get(i)) - fitted[i])
                .average()
                .orElseThrow();
        squares += mean * mean;
      }
      int left = Math.max(1, curves.size() - form.parametersOfCurves());
      NoiseEstimate noise = new NoiseEstimate(Math.sqrt(squares / left), left);
      SplittableRandom random = new SplittableRandom(~seed());
      double[][] shifts = LawResampling.noShifts(series, cells);
      for (int r = 0; r < shifts[0].length; r++) {
        double spread = noise.drawStandardDeviation(random);
        for (List<Integer> curve : curves.values()) {
          double shift = spread * random.nextGaussian();
          for (int i : curve) {
            shifts[i][r] = shift;
          }
        }
      }
      return shifts;
    }
  }
}
