package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.RunDesign;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.law.LawForms;
import dev.mixlaw.eval.stats.Cholesky;
import dev.mixlaw.eval.stats.OptimalDesign;
import dev.mixlaw.eval.stats.OptimalDesign.Candidate;
import dev.mixlaw.eval.stats.OptimalDesign.Target;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Chooses the next runs of a study from which the losses of some mixtures at one model size and
 * budget, or their differences, can be estimated more precisely.
 *
 * <p>The loss of a mixture is the mean over its seeds if the mixture was run at this point.
 * Otherwise it is a function of the parameters of the law that predicts it. A candidate consists of
 * the runs of a mixture and model with one new seed, at all budgets up to a certain one. The runs
 * with different budgets are branches of one training run, so their errors are correlated.
 */
final class StudyDesign {
  /** Lower limit of the standard deviation of the noise of a run, in the unit of the loss. */
  private static final double LEAST = 1e-8;

  private final LossPredictor predictor;
  private final StudyGrid grid;
  private final LossSeries series;
  private final Params params;
  private final Tokens tokens;
  private final List<Block> blocks = new ArrayList<>();
  private final Map<List<Object>, Double> noises = new HashMap<>();

  /**
   * The parameters of the linear model that belong to one mixture: the parameters of its law, or
   * its mean loss if the loss was measured.
   *
   * @param law law that predicts the loss; empty if the loss was measured
   * @param first index of the first of these parameters
   */
  private record Block(String mixture, Optional<LawFit> law, int first) {
    int end() {
      return first + law.map(l -> l.form().parameters().size()).orElse(1);
    }
  }

  /** The runs of one mixture and model with one seed, at points in ascending order of budget. */
  private record Job(Block block, List<StudyGrid.Cell> points) {
    StudyGrid.Cell longest() {
      return points.get(points.size() - 1);
    }
  }

  private StudyDesign(LossPredictor predictor, Params params, Tokens tokens) {
    this.predictor = predictor;
    this.grid = predictor.grid();
    this.series = predictor.series();
    this.params = params;
    this.tokens = tokens;
  }

  /**
   * Returns a design of the next runs.
   *
   * @param mixtures one mixture, whose loss is estimated, or several, for which the differences
   *     between the first and each other mixture are estimated
   */
  static RunDesign<RunKey> of(
      LossPredictor predictor, Params params, Tokens tokens, List<String> mixtures) {
    String question =
        Texts.format(
            "next runs for the loss of %s at N=%s, D=%s",
            String.join(" minus that of ", mixtures), params, tokens);
    return new OptimalDesign<>(
        question,
        new StudyDesign(predictor, params, tokens).model(mixtures).withQuestion(question));
  }

  private Answer<OptimalDesign.Model<RunKey>> model(List<String> mixtures) {
    for (String mixture : mixtures) {
      Answer<Optional<LawFit>> law =
          predictor.measured(mixture, params, tokens).isEmpty()
              ? predictor.law(mixture, params, tokens).map(Optional::of)
              : series.seeds().known()
                  ? Answer.known(Optional.empty())
                  : Answer.refused(
                      "", "the seed noise is unknown", "run a second seed of at least one mixture");
      if (!law.isKnown()) {
        return Answer.refused(law.toRefusal().orElseThrow());
      }
      int first = blocks.isEmpty() ? 0 : blocks.get(blocks.size() - 1).end();
      blocks.add(new Block(mixture, law.orElseThrow(), first));
    }
    List<double[]> rows = blocks.stream().flatMap(this::existing).toList();
    List<Job> jobs = blocks.stream().flatMap(this::jobs).toList();
    Block first = blocks.get(0);
    return Answer.known(
        new OptimalDesign.Model<>(
            rows,
            blocks.stream()
                .skip(blocks.size() > 1 ? 1 : 0)
                .map(other -> target(rows, first, other))
                .toList(),
            jobs.stream()
                .map(
                    j ->
                        new Candidate(
                            rows(j),
                            6.0 * j.longest().model().params().count() * j.longest().tokens(),
                            j.points(),
                            j.longest().runs().size()))
                .toList(),
            chosen -> keys(chosen.stream().map(jobs::get).toList())));
  }

  /**
   * Returns whether a run at a point contributes to the estimated loss of a block. If the loss is
   * predicted, a run at the model size and budget of the prediction does not contribute, because
   * the findings would then report the loss of that run alone.
   */
  private boolean contributes(Block block, StudyGrid.Cell point) {
    boolean sameModel = predictor.model(params).equals(Optional.of(point.model()));
    boolean sameBudget = predictor.budget(tokens).equals(Optional.of(point.budget()));
    return block
        .law()
        .map(law -> law.form().inputs().stream().map(Input::name).toList())
        .map(
            in ->
                (sameModel || in.contains(Input.N))
                    && (sameBudget || in.contains(Input.D))
                    && !(sameModel && sameBudget))
        .orElse(sameModel && sameBudget);
  }

  private List<StudyGrid.Cell> measured(Block block) {
    return grid.of(block.mixture()).stream().filter(c -> contributes(block, c)).toList();
  }

  private Stream<Job> jobs(Block block) {
    List<Job> jobs = new ArrayList<>();
    for (StudyGrid.Model model : grid.models()) {
      List<StudyGrid.Cell> points = new ArrayList<>();
      for (Tokens budget : grid.budgets()) {
        StudyGrid.Cell point =
            grid.cell(block.mixture(), model, budget)
                .orElse(
                    new StudyGrid.Cell(
                        -1, block.mixture(), model, budget, budget.count(), List.of(), 0));
        if (contributes(block, point)) {
          points.add(point);
          jobs.add(new Job(block, List.copyOf(points)));
        }
      }
    }
    return jobs.stream();
  }

  private Stream<double[]> existing(Block block) {
    Map<List<Object>, List<StudyGrid.Cell>> seeds = new LinkedHashMap<>();
    for (StudyGrid.Cell cell : measured(block)) {
      for (RunResult run : cell.runs()) {
        List<Object> seed = List.of(run.key().model(), run.key().seed());
        seeds.computeIfAbsent(seed, k -> new ArrayList<>()).add(cell);
      }
    }
    return seeds.values().stream().flatMap(c -> Arrays.stream(rows(new Job(block, c))));
  }

  /**
   * Returns the derivatives of the losses of a job with respect to the parameters of all blocks,
   * divided by the noise of the losses and decorrelated.
   */
  private double[][] rows(Job job) {
    int k = job.points().size();
    double[][] rows = new double[k][];
    double[] noise = new double[k];
    double[] covariance = new double[k * k];
    boolean sameRun = job.block().law().map(l -> !l.form().equals(LawForms.MODEL)).orElse(true);
    for (int i = 0; i < k; i++) {
      StudyGrid.Cell point = job.points().get(i);
      double n = point.model().params().count();
      rows[i] = gradient(job.block(), n, point.tokens());
      noise[i] =
          sameRun
              ? noises.computeIfAbsent(
                  List.of(point.mixture(), point.model(), point.budget()),
                  key -> series.seeds().at(point).standardDeviation())
              : 0;
      double scatter =
          job.block()
              .law()
              .map(l -> l.loss(LossPredictor.inputs(l, n, point.tokens())) * excess(l))
              .orElse(0.0);
      for (int j = 0; j <= i; j++) {
        double doublings =
            Math.log((double) point.tokens() / job.points().get(j).tokens()) / Math.log(2);
        covariance[i * k + j] = noise[i] * noise[j] * Math.pow(series.seeds().memory(), doublings);
      }
      covariance[i * k + i] += scatter * scatter;
    }
    Cholesky.factorWithFloor(covariance, k, LEAST * LEAST);
    for (int c = 0; c < rows[0].length; c++) {
      int column = c;
      double[] values = Arrays.stream(rows).mapToDouble(row -> row[column]).toArray();
      Cholesky.solveLower(covariance, k, values);
      for (int i = 0; i < k; i++) {
        rows[i][c] = values[i];
      }
    }
    return rows;
  }

  private double excess(LawFit law) {
    return predictor.laws().excess(law.form()).map(e -> e.standardDeviation()).orElse(0.0);
  }

  /**
   * Returns the derivatives of the loss of a block at N and D. Derivatives are taken with respect
   * to the logarithms of the parameters of laws, or to the mean loss if the loss was measured.
   */
  private double[] gradient(Block block, double n, double d) {
    double[] all = new double[blocks.get(blocks.size() - 1).end()];
    all[block.first()] = 1;
    block
        .law()
        .ifPresent(
            law -> {
              double[] values = law.values();
              double[] own = new double[values.length];
              law.form()
                  .evaluate(values, law.form().features(LossPredictor.inputs(law, n, d)), own);
              Arrays.setAll(own, k -> own[k] * values[k]);
              System.arraycopy(own, 0, all, block.first(), own.length);
            });
    return all;
  }

  /**
   * Returns the function to estimate: the loss of a block minus that of another block, or the loss
   * of the block itself if both are the same.
   */
  private Target target(List<double[]> rows, Block block, Block other) {
    double[] gradient = gradient(block, params.count(), tokens.count());
    double[] documents = documents(block);
    double[] draws = draws(block);
    Interval interval = Quantiles.interval95(draws);
    if (other != block) {
      double[] minus = gradient(other, params.count(), tokens.count());
      Arrays.setAll(gradient, k -> gradient[k] - minus[k]);
      documents = LossSeries.minus(documents, documents(other));
      interval =
          block.law().isEmpty() && other.law().isEmpty()
              ? series
                  .difference(measured(block).get(0), measured(other).get(0))
                  .estimate()
                  .interval()
              : Quantiles.interval95(LossSeries.minus(draws, draws(other)));
    }
    double constant = Math.pow(LossSeries.standardDeviation(documents), 2);
    double variance = OptimalDesign.variance(rows, gradient) + constant;
    return new Target(gradient, constant, (interval.high() - interval.low()) / Math.sqrt(variance));
  }

  private double[] draws(Block block) {
    return predictor.loss(block.mixture(), params, tokens).orElseThrow().draws();
  }

  /** Returns the mean loss over the points of a block with resampled documents. */
  private double[] documents(Block block) {
    List<StudyGrid.Cell> cells = measured(block);
    double[] means = new double[draws(block).length];
    for (StudyGrid.Cell cell : cells) {
      double[] draws = series.documentDraws(cell);
      Arrays.setAll(means, r -> means[r] + draws[r] / cells.size());
    }
    return means;
  }

  /**
   * Returns the keys of the runs of jobs, with seeds that do not exist for the mixture and model.
   */
  private List<RunKey> keys(List<Job> jobs) {
    List<RunKey> keys = new ArrayList<>();
    for (Job job : jobs) {
      String mixture = job.block().mixture();
      String model = job.longest().model().name();
      int seed =
          Stream.concat(grid.runs().stream().map(RunResult::key), keys.stream())
              .filter(k -> k.mixture().equals(mixture) && k.model().equals(model))
              .mapToInt(k -> k.seed() + 1)
              .max()
              .orElse(0);
      job.points().forEach(c -> keys.add(new RunKey(mixture, model, c.budget(), seed)));
    }
    return keys;
  }
}
