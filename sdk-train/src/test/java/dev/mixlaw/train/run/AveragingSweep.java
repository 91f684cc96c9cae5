package dev.mixlaw.train.run;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.Checkpoint;
import dev.mixlaw.train.run.RecipeSweep.Settings;
import dev.mixlaw.train.run.RecipeSweep.Training;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.DoubleUnaryOperator;

/**
 * A program that compares decay branches with averages of weights and appends the losses to a CSV
 * file (see BENCHMARKS.md). Its arguments are those of {@link RecipeSweep}, with one recipe.
 *
 * <p>The trunk is saved at every hundredth of a budget D in its second half, [D/2, D]. Each budget
 * is measured with
 *
 * <ul>
 *   <li>{@code decay,x}: a branch that leaves the trunk at (1 - x)·D and decays to 0;
 *   <li>{@code decay-average,x}: the uniform average of the second half of that branch;
 *   <li>{@code uniform,w}: the uniform average of the trunk from (1 - w)·D to D;
 *   <li>{@code power,g}: the average of the trunk with weights (t/D)^g, an exponential average
 *       whose half-life grows with the position (Karras et al. 2024, arXiv 2312.02696, section
 *       3.1);
 *   <li>{@code average-decay,x}: the uniform average of the trunk from (0.9 - x)·D to (1 - x)·D,
 *       followed by a decay to 0.
 * </ul>
 */
final class AveragingSweep {
  private static final double[] DECAYS = {0.05, 0.1, 0.2};
  private static final double[] UNIFORM = {0.05, 0.1, 0.2, 0.4};
  private static final double[] POWERS = {4, 8, 16, 32};

  private final RecipeSweep sweep;
  private final Path csv;
  private final ModelSpec model;
  private final int seed;
  private final double rate;
  private final Training training;
  private final Path scratch;
  private final Map<Integer, float[]> trunk = new HashMap<>();

  private AveragingSweep(
      RecipeSweep sweep, Path csv, ModelSpec model, int seed, Settings settings, Path scratch) {
    this.sweep = sweep;
    this.csv = csv;
    this.model = model;
    this.seed = seed;
    this.rate = settings.rate();
    this.scratch = scratch;
    training = sweep.new Training(model, seed, settings, scratch);
  }

  private void run(List<Long> budgets) throws IOException {
    for (long budget : budgets) {
      trunk.clear();
      Map<Integer, Long> at = new HashMap<>();
      for (int percent = 50; percent <= 100; percent++) {
        training.train(budget * percent / 100, false);
        trunk.put(percent, weights());
        for (double decay : DECAYS) {
          if (percent == 100 - Math.round(100 * decay)) {
            training.save("at" + percent);
            at.put(percent, training.sequence);
          }
        }
      }
      training.save("end");
      long end = training.sequence;
      write(budget, "trunk", 0, sweep.loss(training.session.model()));
      for (double w : UNIFORM) {
        measure(budget, "uniform", w, average(t -> t > 1 - w - 1e-9 ? 1 : 0));
      }
      for (double g : POWERS) {
        measure(budget, "power", g, average(t -> Math.pow(t, g)));
      }
      for (double decay : DECAYS) {
        int from = (int) (100 - Math.round(100 * decay));
        training.restore("at" + from, at.get(from));
        decay(budget, decay, "decay", true);
        if (decay < 0.2) {
          float[] mean = average(t -> t > 0.9 - decay - 1e-9 && t < 1 - decay + 1e-9 ? 1 : 0);
          training.restore("at" + from, at.get(from));
          replace("at" + from, mean);
          decay(budget, decay, "average-decay", false);
        }
      }
      training.restore("end", end);
    }
  }

  private void decay(long budget, double decay, String kind, boolean averaged) throws IOException {
    long begin = training.tokens();
    List<float[]> second = new ArrayList<>();
    for (int part = 11; part <= 20; part++) {
      long end = Math.round(budget * (1 - decay) + budget * decay * part / 20);
      training.train(end, begin, OptionalLong.of(budget));
      if (averaged) {
        second.add(weights());
      }
    }
    write(budget, kind, decay, sweep.loss(training.session.model()));
    if (averaged) {
      measure(budget, "decay-average", decay, mean(second));
    }
  }

  /**
   * Returns a weighted average of the trunk's parameters in the second half of the budget.
   *
   * @param profile weight as a function of the position, from 0 to 1, in the budget
   */
  private float[] average(DoubleUnaryOperator profile) {
    double[] sum = new double[trunk.get(100).length];
    double total = 0;
    for (int percent = 51; percent <= 100; percent++) {
      double share = profile.applyAsDouble(percent / 100.0);
      total += share;
      float[] of = trunk.get(percent);
      for (int i = 0; share > 0 && i < sum.length; i++) {
        sum[i] += share * of[i];
      }
    }
    return divided(sum, total);
  }

  private static float[] mean(List<float[]> all) {
    double[] sum = new double[all.get(0).length];
    for (float[] of : all) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += of[i];
      }
    }
    return divided(sum, all.size());
  }

  private static float[] divided(double[] sum, double by) {
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sum[i] / by);
    }
    return mean;
  }

  private float[] weights() throws IOException {
    training.save("weights");
    Path directory = scratch.resolve("weights");
    Checkpoint checkpoint = Checkpoint.of(directory);
    float[] all = new float[(int) model.parameters(checkpoint.vocabulary())];
    checkpoint.loadModel(
        directory,
        (tensor, values) -> System.arraycopy(values, 0, all, (int) tensor.offset(), values.length));
    return all;
  }

  /** Loads other parameters together with the optimizer's moments of a saved state. */
  private void replace(String state, float[] weights) throws IOException {
    Checkpoint checkpoint = Checkpoint.of(scratch.resolve(state));
    float[][] moments = new float[2][weights.length];
    long steps =
        checkpoint.load(
            scratch.resolve(state),
            (t, v) -> {},
            (t, v) -> System.arraycopy(v, 0, moments[0], (int) t.offset(), v.length),
            (t, v) -> System.arraycopy(v, 0, moments[1], (int) t.offset(), v.length));
    Path directory = scratch.resolve("replaced");
    new Disk().delete(directory);
    Files.createDirectories(directory);
    new Checkpoint(model, checkpoint.vocabulary())
        .save(
            directory,
            new Checkpoint.State(
                steps,
                t -> Arrays.copyOfRange(weights, (int) t.offset(), (int) (t.offset() + t.length())),
                t ->
                    Arrays.copyOfRange(
                        moments[0], (int) t.offset(), (int) (t.offset() + t.length())),
                t ->
                    Arrays.copyOfRange(
                        moments[1], (int) t.offset(), (int) (t.offset() + t.length()))));
    training.session.load(directory);
  }

  private void measure(long budget, String kind, double setting, float[] weights)
      throws IOException {
    training.save("kept");
    replace("kept", weights);
    write(budget, kind, setting, sweep.loss(training.session.model()));
    training.session.load(scratch.resolve("kept"));
  }

  private void write(long budget, String kind, double setting, double loss) throws IOException {
    String row =
        String.format(
            Locale.ROOT, "%s,%d,%d,%s,%s,%.5f%n", model.name(), seed, budget, kind, setting, loss);
    Files.writeString(csv, row, StandardOpenOption.APPEND);
    System.out.print(row);
  }

  public static void main(String[] args) throws IOException {
    Path csv = Path.of(args[1]);
    RecipeSweep.with(
        args,
        "model,rate,seed,budget,kind,setting,loss",
        (sweep, model, budgets) -> {
          for (int seed = Integer.parseInt(args[4]); seed <= Integer.parseInt(args[5]); seed++) {
            Path scratch = Files.createTempDirectory("sweep");
            AveragingSweep averaging =
                new AveragingSweep(sweep, csv, model, seed, Settings.of(args[6]), scratch);
            try {
              averaging.run(budgets);
            } finally {
              averaging.training.close();
              new Disk().delete(scratch);
            }
          }
        });
  }
}
