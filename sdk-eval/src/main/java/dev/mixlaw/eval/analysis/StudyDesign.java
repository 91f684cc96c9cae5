package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.results.RunDesign;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
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
 * A design of the next runs of a study, for the losses of some mixtures at one model size and
 * budget.
 *
 * <p>The loss of a mixture is the mean over its seeds if the mixture was run at this point.
 * Otherwise it is a function of the parameters of the law that predicts it. A candidate is a new
 * seed of a mixture and model, with all budgets up to one of them. The budgets are branches of one
 * training run, so their errors are correlated.
 */
final class StudyDesign {
  /** Smallest noise of a run, relative to its loss. */
  private static final double LEAST = 1e-8;

  private final LossPredictor predictor;
  private final StudyGrid grid;
  private final Params params;
  private final Tokens tokens;
  private final List<Block> blocks = new ArrayList<>();
  private final Map<List<Object>, Double> noise = new HashMap<>();

  /**
   * The parameters of one mixture among all parameters of the design.
   *
   * @param law law that predicts the loss; empty if the loss was measured
   * @param first index of its first parameter
   */
  private record Block(String mixture, Optional<LawFit> law, int first) {
    int end() {
      return first + law.map(l -> l.form().parameters().size()).orElse(1);
    }
  }

  /** Runs of one seed, in ascending order of their budgets. */
  private record Job(Block block, List<StudyGrid.Cell> points) {
    StudyGrid.Cell longest() {
      return points.get(points.size() - 1);
    }
  }

  private StudyDesign(LossPredictor predictor, Params params, Tokens tokens) {
    this.predictor = predictor;
    this.grid = predictor.grid();
    this.params = params;
    this.tokens = tokens;
  }

  /**
   * Returns a design.
   *
   * @param mixtures one mixture, or several for the differences between the first and each other
   */
  static RunDesign<RunKey> of(
      LossPredictor predictor, Params params, Tokens tokens, List<String> mixtures) {
    String question =
        Texts.format(
            "next runs for the loss of %s at N=%s, D=%s",
            String.join(" minus that of ", mixtures), params, tokens);
    return new OptimalDesign<>(
        question, new StudyDesign(predictor, params, tokens).model(question, mixtures));
  }

  private Answer<OptimalDesign.Model<RunKey>> model(String question, List<String> mixtures) {
    for (String mixture : mixtures) {
      boolean measured = predictor.measured(mixture, params, tokens).isPresent();
      Answer<Optional<LawFit>> law =
          !measured
              ? predictor.law(mixture, params, tokens).map(Optional::of)
              : predictor.series().seeds().known()
                  ? Answer.known(Optional.empty())
                  : Answer.refused(
                      question,
                      "the seed noise is unknown",
                      "run a second seed of at least one mixture");
      if (!law.isKnown()) {
        Refusal why = law.toRefusal().orElseThrow();
        return Answer.refused(question, why.reason(), why.remedy());
      }
      int first = blocks.isEmpty() ? 0 : blocks.get(blocks.size() - 1).end();
      blocks.add(new Block(mixture, law.orElseThrow(), first));
    }
    List<double[]> rows = blocks.stream().flatMap(b -> existing(b).stream()).toList();
    List<Job> jobs = blocks.stream().flatMap(b -> jobs(b).stream()).toList();
    Map<List<Object>, Integer> ends = new LinkedHashMap<>();
    jobs.forEach(j -> ends.putIfAbsent(place(j.longest()), ends.size()));
    int[] trained = new int[ends.size()];
    jobs.forEach(j -> trained[ends.get(place(j.longest()))] = j.longest().runs().size());
    return Answer.known(
        new OptimalDesign.Model<>(
            rows,
            targets(rows),
            jobs.stream()
                .map(j -> new Candidate(ends.get(place(j.longest())), rows(j), flops(j)))
                .toList(),
            trained,
            chosen -> keys(chosen.stream().map(jobs::get).toList())));
  }

  /** Returns a point of the grid, with or without completed runs. */
  private StudyGrid.Cell point(String mixture, StudyGrid.Model model, Tokens budget) {
    return grid.cell(mixture, model, budget)
        .orElseGet(
            () -> new StudyGrid.Cell(-1, mixture, model, budget, budget.count(), List.of(), 0));
  }

  private boolean isTarget(StudyGrid.Cell point) {
    return predictor.model(params).filter(point.model()::equals).isPresent()
        && predictor.budget(tokens).filter(point.budget()::equals).isPresent();
  }

  /**
   * Returns whether a run at a point contributes to the loss of a block. A run at the target is
   * excluded if the loss is predicted, because the findings would then report the loss of that run
   * alone.
   */
  private boolean contributes(Block block, StudyGrid.Cell point) {
    return block
        .law()
        .map(
            law ->
                !isTarget(point)
                    && (law.form().equals(LawForms.CHINCHILLA)
                        || (law.form().equals(LawForms.DATA)
                            ? predictor.model(params).filter(point.model()::equals).isPresent()
                            : predictor.budget(tokens).filter(point.budget()::equals).isPresent())))
        .orElseGet(() -> isTarget(point));
  }

  private List<Job> jobs(Block block) {
    List<Job> jobs = new ArrayList<>();
    for (StudyGrid.Model model : grid.models()) {
      List<StudyGrid.Cell> points =
          grid.budgets().stream()
              .map(b -> point(block.mixture(), model, b))
              .filter(c -> contributes(block, c))
              .toList();
      for (int k = 0; k < points.size(); k++) {
        jobs.add(new Job(block, points.subList(0, k + 1)));
      }
    }
    return jobs;
  }

  private List<double[]> existing(Block block) {
    Map<List<Object>, List<StudyGrid.Cell>> seeds = new LinkedHashMap<>();
    for (StudyGrid.Cell cell : grid.of(block.mixture())) {
      if (contributes(block, cell)) {
        for (RunResult run : cell.runs()) {
          seeds
              .computeIfAbsent(List.of(run.key().model(), run.key().seed()), k -> new ArrayList<>())
              .add(cell);
        }
      }
    }
    return seeds.values().stream()
        .flatMap(points -> Arrays.stream(rows(new Job(block, points))))
        .toList();
  }

  /** Returns the derivatives of the losses of a job, divided by their noise and decorrelated. */
  private double[][] rows(Job job) {
    List<StudyGrid.Cell> points = job.points();
    int k = points.size();
    double[][] rows = new double[k][];
    double[] covariance = new double[k * k];
    double memory = predictor.series().seeds().memory();
    double smallest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < k; i++) {
      StudyGrid.Cell a = points.get(i);
      rows[i] = gradient(job.block(), a.model().params().count(), a.tokens());
      double loss = loss(job.block(), a);
      double scatter = excess(job.block()) * loss;
      smallest = Math.min(smallest, Math.pow(LEAST * loss, 2));
      for (int j = 0; j < k; j++) {
        StudyGrid.Cell b = points.get(j);
        covariance[i * k + j] =
            noise(job.block(), a)
                    * noise(job.block(), b)
                    * Math.pow(
                        memory, Math.abs(Math.log((double) a.tokens() / b.tokens())) / Math.log(2))
                + (i == j ? scatter * scatter : 0);
      }
    }
    Cholesky.factorWithFloor(covariance, k, smallest);
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

  private double loss(Block block, StudyGrid.Cell point) {
    return block
        .law()
        .map(
            law ->
                law.loss(LossPredictor.inputs(law, point.model().params().count(), point.tokens())))
        .orElseGet(() -> predictor.series().value(point));
  }

  /** Returns the seed noise, which is part of the scatter if the points are different runs. */
  private double noise(Block block, StudyGrid.Cell point) {
    return block.law().filter(law -> law.form().equals(LawForms.MODEL)).isPresent()
        ? 0
        : noise.computeIfAbsent(
            place(point), p -> predictor.series().seeds().at(point).standardDeviation());
  }

  private double excess(Block block) {
    return block
        .law()
        .flatMap(law -> predictor.laws().excess(law.form()))
        .map(e -> e.standardDeviation())
        .orElse(0.0);
  }

  /** Returns the derivatives of a loss with respect to the logarithms of all parameters. */
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
              for (int k = 0; k < own.length; k++) {
                all[block.first() + k] = own[k] * values[k];
              }
            });
    return all;
  }

  private List<Target> targets(List<double[]> rows) {
    Block first = blocks.get(0);
    return blocks.size() == 1
        ? List.of(target(rows, first, first))
        : blocks.stream().skip(1).map(b -> target(rows, first, b)).toList();
  }

  /** Returns the loss of a block minus that of another block, or its loss if both are the same. */
  private Target target(List<double[]> rows, Block block, Block other) {
    double[] gradient = gradient(block, params.count(), tokens.count());
    double[] documents = documents(block);
    LossPredictor.LossDistribution own =
        predictor.loss(block.mixture(), params, tokens).orElseThrow();
    double[] draws = own.draws();
    if (other != block) {
      double[] minus = gradient(other, params.count(), tokens.count());
      Arrays.setAll(gradient, k -> gradient[k] - minus[k]);
      documents = LossSeries.minus(documents, documents(other));
      draws =
          LossSeries.minus(
              draws, predictor.loss(other.mixture(), params, tokens).orElseThrow().draws());
    }
    double constant = Math.pow(LossSeries.standardDeviation(documents), 2);
    Interval interval =
        block.law().isEmpty() && other.law().isEmpty() && other != block
            ? predictor.series().difference(cell(block), cell(other)).estimate().interval()
            : Quantiles.interval95(draws);
    double variance = OptimalDesign.variance(rows, gradient) + constant;
    return new Target(gradient, constant, (interval.high() - interval.low()) / Math.sqrt(variance));
  }

  private StudyGrid.Cell cell(Block block) {
    return grid.of(block.mixture()).stream().filter(this::isTarget).findFirst().orElseThrow();
  }

  /** Returns the mean loss over the points of a block with resampled documents. */
  private double[] documents(Block block) {
    List<StudyGrid.Cell> cells =
        grid.of(block.mixture()).stream().filter(c -> contributes(block, c)).toList();
    double[] means = new double[predictor.series().documentDraws(cells.get(0)).length];
    for (StudyGrid.Cell cell : cells) {
      double[] draws = predictor.series().documentDraws(cell);
      Arrays.setAll(means, r -> means[r] + draws[r] / cells.size());
    }
    return means;
  }

  private static double flops(Job job) {
    return 6.0 * job.longest().model().params().count() * job.longest().tokens();
  }

  /** Returns the runs of jobs, with seeds that the mixture and model do not have yet. */
  private List<RunKey> keys(List<Job> jobs) {
    List<RunKey> keys = new ArrayList<>();
    for (Job job : jobs) {
      StudyGrid.Cell end = job.longest();
      int seed =
          Stream.concat(grid.runs().stream().map(RunResult::key), keys.stream())
              .filter(k -> k.mixture().equals(end.mixture()))
              .filter(k -> k.model().equals(end.model().name()))
              .mapToInt(k -> k.seed() + 1)
              .max()
              .orElse(0);
      job.points()
          .forEach(c -> keys.add(new RunKey(c.mixture(), c.model().name(), c.budget(), seed)));
    }
    return keys;
  }

  /** Returns the identity of a point, which is cheaper to compare than its runs. */
  private static List<Object> place(StudyGrid.Cell point) {
    return List.of(point.mixture(), point.model(), point.budget());
  }
}
