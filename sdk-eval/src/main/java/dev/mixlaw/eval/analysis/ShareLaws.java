package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.BestShare.Basis;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.analysis.BestShareCalculator.MixturesByShare;
import dev.mixlaw.eval.analysis.LossPredictor.LossDistribution;
import dev.mixlaw.eval.analysis.StudyLaws.LawKey;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.law.LawForm;
import dev.mixlaw.eval.law.LawForms;
import dev.mixlaw.eval.law.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The laws over the share of one corpus: over D at each model, and over N and D together. If the
 * latter cannot be fitted, there is a law over N at each budget. Predictions use the law that is
 * closest to the runs, like predictions for single mixtures.
 */
final class ShareLaws {
  private static final double STEP = 0.01;

  private final StudyGrid grid;
  private final LossSeries series;
  private final MixturesByShare axis;
  private final StudyLaws own;
  private final Map<StudyGrid.Model, Answer<ShareLawFitter.Fitted>> byModel = new LinkedHashMap<>();
  private final Map<Tokens, Answer<ShareLawFitter.Fitted>> byBudget = new LinkedHashMap<>();
  private final Answer<ShareLawFitter.Fitted> overall;

  ShareLaws(StudyGrid grid, LossSeries series, StudyLaws own, MixturesByShare axis) {
    this.grid = grid;
    this.series = series;
    this.axis = axis;
    this.own = own;
    for (StudyGrid.Model model : grid.models()) {
      byModel.put(
          model,
          fit(
              List.of(Input.tokens(4)),
              " at " + LawKey.place(model),
              c -> c.model().equals(model)));
    }
    overall = fit(List.of(Input.params(4), Input.tokens(4)), "", c -> true);
    if (!overall.isKnown()) {
      for (Tokens budget : grid.budgets()) {
        byBudget.put(
            budget,
            fit(
                List.of(Input.params(4)),
                " at " + LawKey.place(budget),
                c -> c.budget().equals(budget)));
      }
    }
  }

  private Answer<ShareLawFitter.Fitted> fit(
      List<Input> scales, String place, Predicate<StudyGrid.Cell> condition) {
    NavigableMap<Double, List<StudyGrid.Cell>> points = new TreeMap<>();
    axis.mixtures()
        .forEach(
            (share, mixture) -> {
              List<StudyGrid.Cell> cells = grid.of(mixture).stream().filter(condition).toList();
              if (!cells.isEmpty()) {
                points.put(share, cells);
              }
            });
    List<StudyGrid.Cell> all = points.values().stream().flatMap(List::stream).toList();
    return own.refusal("law of shares of " + axis.corpus() + place, all)
        .<Answer<ShareLawFitter.Fitted>>map(Answer::refused)
        .orElseGet(
            () -> {
              ShareLawForm form = new ShareLawForm(axis.corpus(), scales, points.size());
              return new ShareLawFitter(own, series, axis.corpus(), form, place).of(points);
            });
  }

  MixturesByShare axis() {
    return axis;
  }

  /** Returns the losses of all shares in the range in which the law is valid. */
  Answer<NavigableMap<Double, LossDistribution>> losses(
      LossPredictor predictor, Params params, Tokens tokens) {
    String question =
        "best of all shares of " + axis.corpus() + " at N=" + params + ", D=" + tokens;
    return predictor
        .range(axis.mixtures().values())
        .check(question, params, tokens)
        .flatMap(
            range ->
                Stream.of(
                        predictor.model(params).map(byModel::get),
                        predictor.budget(tokens).map(byBudget::get),
                        Optional.of(overall))
                    .flatMap(Optional::stream)
                    .reduce(LossPredictor::firstKnown)
                    .orElseThrow())
        .map(fit -> losses(fit, params, tokens))
        .withQuestion(question);
  }

  private NavigableMap<Double, LossDistribution> losses(
      ShareLawFitter.Fitted fit, Params params, Tokens tokens) {
    LawFit law = fit.law();
    ShareLawForm form = (ShareLawForm) law.form();
    List<String> warnings =
        Texts.joined(LossPredictor.fitWarnings("shares of " + axis.corpus(), law), fit.warnings());
    NavigableMap<Double, LossDistribution> losses = new TreeMap<>();
    for (double share : shares(fit)) {
      double[] inputs =
          form.inputs(share, in -> in.name().equals(Input.N) ? params.count() : tokens.count());
      losses.put(
          share,
          new LossDistribution(law.loss(inputs), law.lossDraws(inputs), Basis.SHARE_LAW, warnings));
    }
    return losses;
  }

  private TreeSet<Double> shares(ShareLawFitter.Fitted fit) {
    TreeSet<Double> shares =
        new TreeSet<>(axis.mixtures().subMap(fit.lowest(), true, fit.highest(), true).keySet());
    long first = (long) Math.ceil(fit.lowest() / STEP);
    long last = (long) Math.floor(fit.highest() / STEP);
    for (long percent = first; percent <= last; percent++) {
      double share = percent * STEP;
      Double near = shares.floor(share + STEP / 2);
      if (near == null || Math.abs(near - share) > STEP / 2) {
        shares.add(share);
      }
    }
    return shares;
  }

  /**
   * Returns the reason why no law could be fitted for the largest model, or empty if a law could be
   * fitted.
   */
  Optional<Refusal> refusal() {
    if (!laws().isEmpty()) {
      return Optional.empty();
    }
    Answer<ShareLawFitter.Fitted> nearest =
        grid.models().isEmpty()
            ? overall
            : byModel.get(grid.models().get(grid.models().size() - 1));
    return nearest.toRefusal();
  }

  List<FittedLaw> laws() {
    List<FittedLaw> laws = new ArrayList<>();
    byModel.forEach((model, fit) -> add(laws, fit, Optional.of(model), Optional.empty()));
    byBudget.forEach((budget, fit) -> add(laws, fit, Optional.empty(), Optional.of(budget)));
    add(laws, overall, Optional.empty(), Optional.empty());
    return laws;
  }

  private void add(
      List<FittedLaw> laws,
      Answer<ShareLawFitter.Fitted> fit,
      Optional<StudyGrid.Model> model,
      Optional<Tokens> budget) {
    fit.toOptional()
        .map(
            f ->
                new LawKey(f.law().form(), "every share of " + axis.corpus(), model, budget)
                    .fitted(series.domain(), f.law(), OptionalDouble.empty(), f.warnings()))
        .ifPresent(laws::add);
  }

  /**
   * A power law in which the floor and the factors are polynomials in the share s of one corpus, of
   * degree n:
   *
   * <pre>
   * L(N, D, s) = E(s) + A(s)·N^-alpha + B(s)·D^-beta,   X(s) = Σ_k X_k·binomial(n, k)·s^k·(1-s)^(n-k)
   * </pre>
   *
   * <p>The baseline alone has the value X_0, and the corpus alone has X_n. The Bernstein basis
   * makes the law linear in non-negative coefficients. The floor and the factors have separate
   * polynomials, so the best share depends on N and D.
   *
   * <p>The polynomials are cubic if there are at least five shares. With a parabola, a small
   * asymmetry that no test can detect moves the best share by more than its interval; intervals
   * from a polynomial that is one degree higher than the shape of interest are robust to this
   * (Calonico, Cattaneo and Titiunik, "Robust nonparametric confidence intervals", 2014). Four
   * shares suffice only for parabolas. The joint law of Shukor et al. 2025 ({@link
   * dev.mixlaw.eval.law.LawForms#mixtureJoint}) requires twice as many as a parabola. This form
   * fails if a small share of the corpus changes the loss considerably and a larger share has no
   * further effect.
   */
  static final class ShareLawForm implements LawForm {
    /** Number of coefficients of a cubic polynomial. */
    private static final int MOST_PIECES = 4;

    private final int pieces;
    private final String id;
    private final String formula;
    private final List<Input> inputs;
    private final List<Parameter> parameters;

    /** For each of the inputs N and D that the law has, index of its exponent in the parameters. */
    private final int[] exponent;

    /**
     * Creates the form for a number of shares.
     *
     * @param scales N, D, or both
     */
    ShareLawForm(String corpus, List<Input> scales, int shares) {
      pieces = shares > MOST_PIECES ? MOST_PIECES : MOST_PIECES - 1;
      List<String> terms = new ArrayList<>();
      List<Parameter> all = new ArrayList<>();
      for (int k = 0; k < pieces; k++) {
        all.add(Parameter.floor("E" + k));
      }
      for (Input scale : scales) {
        boolean size = scale.name().equals(Input.N);
        for (int k = 0; k < pieces; k++) {
          all.add(
              Parameter.coefficient(
                  (size ? "A" : "B") + k, size ? "loss·parameters^alpha" : "loss·tokens^beta"));
        }
        terms.add(size ? " + A(s)·N^-alpha" : " + B(s)·D^-beta");
      }
      exponent = new int[scales.size()];
      for (int t = 0; t < exponent.length; t++) {
        exponent[t] = all.size();
        all.add(Parameter.exponent(scales.get(t).name().equals(Input.N) ? "alpha" : "beta"));
      }
      String names = String.join(",", scales.stream().map(Input::name).toList());
      formula = "L(" + names + ",s) = E(s)" + String.join("", terms) + ", s = share of " + corpus;
      id = "share-" + names.replace(",", "").toLowerCase(Locale.ROOT);
      parameters = List.copyOf(all);
      List<Input> with = new ArrayList<>(scales);
      with.add(new Input("share_" + corpus, "share of training tokens", false, pieces + 1));
      inputs = List.copyOf(with);
    }

    boolean cubic() {
      return pieces == MOST_PIECES;
    }

    /** Returns the form of this law at a fixed share. */
    LawForm ofOneShare() {
      return exponent.length == 2
          ? LawForms.CHINCHILLA
          : inputs.get(0).name().equals(Input.N) ? LawForms.MODEL : LawForms.DATA;
    }

    /** Returns the number of parameters of E and A, which shift whole curves over tokens. */
    int parametersOfCurves() {
      return exponent.length == 2 ? 2 * pieces + 1 : pieces;
    }

    /** Returns the input values at a share, in the order of the inputs. */
    double[] inputs(double share, ToDoubleFunction<Input> scale) {
      double[] values = new double[inputs.size()];
      for (int k = 0; k < exponent.length; k++) {
        values[k] = scale.applyAsDouble(inputs.get(k));
      }
      values[exponent.length] = share;
      return values;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public String formula() {
      return formula;
    }

    @Override
    public List<Parameter> parameters() {
      return parameters;
    }

    @Override
    public List<Input> inputs() {
      return inputs;
    }

    /** Returns -ln N and -ln D, if they are inputs, followed by the Bernstein polynomials. */
    @Override
    public double[] features(double[] in) {
      int scales = exponent.length;
      double s = in[scales];
      double[] z = new double[scales + pieces];
      for (int t = 0; t < scales; t++) {
        z[t] = -Math.log(in[t]);
      }
      double binomial = 1;
      for (int k = 0; k < pieces; k++) {
        z[scales + k] = binomial * Math.pow(s, k) * Math.pow(1 - s, pieces - 1 - k);
        binomial *= (pieces - 1.0 - k) / (k + 1);
      }
      return z;
    }

    @Override
    public double evaluate(double[] p, double[] z, double[] gradient) {
      int scales = exponent.length;
      double loss = 0;
      for (int k = 0; k < pieces; k++) {
        gradient[k] = z[scales + k];
        loss += p[k] * z[scales + k];
      }
      for (int t = 0; t < scales; t++) {
        double power = Math.exp(p[exponent[t]] * z[t]);
        double term = 0;
        for (int k = 0; k < pieces; k++) {
          int at = pieces * (t + 1) + k;
          gradient[at] = z[scales + k] * power;
          term += p[at] * gradient[at];
        }
        gradient[exponent[t]] = term * z[t];
        loss += term;
      }
      return loss;
    }
  }
}
