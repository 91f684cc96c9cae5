package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.ModelSession;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.weights.Checkpoint;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The engine {@code native}: a decoder of its own on the kernels of a device. */
public class LlamaEngine implements TrainingEngine {
  /**
   * System property: what a training step keeps of its forward pass. {@code everything}; {@code
   * products}, which leaves out what takes no time to make again; {@code inputs} of blocks, which
   * computes nearly all again; or {@code auto}, which is the most that fits. It changes no digit.
   */
  public static final String KEEP = "mixlaw.native.keep";

  private final String name;
  private final Platform platform;
  private final int rank;
  private final RecomputationPolicy keep;

  /** Named {@code native}, on the devices of a platform. */
  public LlamaEngine(Platform platform) {
    this("native", platform, 50);
  }

  /** With a name and a rank of its own. */
  protected LlamaEngine(String name, Platform platform, int rank) {
    this(name, platform, rank, System.getProperty(KEEP, RecomputationPolicy.AUTO));
  }

  /**
   * For tests.
   *
   * @param keep as {@link #KEEP}
   */
  LlamaEngine(Platform platform, String keep) {
    this("native", platform, 50, keep);
  }

  private LlamaEngine(String name, Platform platform, int rank, String keep) {
    this.name = name;
    this.platform = platform;
    this.rank = rank;
    this.keep = new RecomputationPolicy(keep);
  }

  @Override
  public String name() {
    return name;
  }

  /** Digits differ by instructions and precision. */
  @Override
  public String version() {
    return "2, " + platform.describe();
  }

  @Override
  public String device() {
    return platform.describe();
  }

  @Override
  public Optional<Problem> unavailable() {
    return keep.problem(name).or(platform::unavailable);
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public Cost cost(SessionSpec spec) {
    refuse(tooLarge(spec));
    return choose(spec, platform.memory()).cost();
  }

  private RecomputationPolicy.Choice choose(SessionSpec spec, long free) {
    return keep.choose(spec, Math.min(free, spec.memoryBytes()), kept -> cost(spec, kept));
  }

  private Cost cost(SessionSpec spec, Recomputation kept) {
    TileSizes grain = platform.grain(spec);
    Allocator.Counter counter = new Allocator.Counter(grain);
    int part = new TrainingMemory(spec, platform.lanes(spec), kept, grain, counter).model.part;
    double flops = spec.model().trainingFlopsPerToken(spec.vocabulary());
    return cost(spec, counter, part, true, flops + kept.flopsAgainPerToken(spec.model()));
  }

  @Override
  public Cost modelCost(ModelSpec model, int vocabulary, int threads) {
    SessionSpec spec = untrained(model, vocabulary, threads);
    refuse(tooLarge(spec));
    TileSizes grain = platform.grain(spec);
    Allocator.Counter counter = new Allocator.Counter(grain);
    int lanes = platform.lanes(spec);
    int part = new ModelMemory(spec, lanes, Recomputation.nothing(model), grain, counter).part;
    // A forward pass is a third of training's work.
    return cost(spec, counter, part, false, model.trainingFlopsPerToken(vocabulary) / 3);
  }

  private Cost cost(
      SessionSpec spec,
      Allocator.Counter counter,
      int part,
      boolean trained,
      double flopsPerToken) {
    int lanes = platform.lanes(spec);
    int rows = part * spec.model().context();
    return new Cost(
        counter.bytes() + platform.kernelBytes(spec, rows, trained),
        lanes * platform.flopsPerLane() / flopsPerToken);
  }

  /** What a model that is not trained is opened with: as many sequences as lanes take at a time. */
  private SessionSpec untrained(ModelSpec model, int vocabulary, int threads) {
    SessionSpec one = new SessionSpec(model, vocabulary, threads, Recipe.standard(), 0, threads);
    int each = Math.max(1, platform.grain(one).partRows() / model.context());
    return new SessionSpec(
        model, vocabulary, Math.multiplyExact(each, threads), Recipe.standard(), 0, threads);
  }

  /** Keys, values and choosing take about as long as the products. */
  @Override
  public Optional<Cost> writingCost(ModelSpec model, int vocabulary, int threads) {
    SessionSpec spec = untrained(model, vocabulary, threads);
    refuse(tooLarge(spec));
    int lanes = platform.lanes(spec);
    double flopsPerToken = 2 * model.trainingFlopsPerToken(vocabulary) / 3;
    return Optional.of(
        new Cost(
            GenerationMemory.bytes(model, vocabulary, platform.grain(spec), lanes),
            lanes * platform.flopsPerLane() / flopsPerToken));
  }

  @Override
  public TrainingSession open(SessionSpec spec) {
    return onDevice(
        spec,
        device -> {
          // Others may have taken memory since the plan.
          RecomputationPolicy.Choice now = choose(spec, Math.min(platform.memory(), device.free()));
          device.reserve(now.cost().memoryBytes());
          return new DecoderSession(spec, platform.grain(spec), now.kept(), device);
        },
        () -> cost(spec));
  }

  @Override
  public ModelSession openModel(Path directory, int threads) {
    Checkpoint shape = Checkpoint.of(directory);
    SessionSpec spec = untrained(shape.model(), shape.vocabulary(), threads);
    return onDevice(
        spec,
        device -> {
          device.reserve(modelCost(shape.model(), shape.vocabulary(), threads).memoryBytes());
          return new InferenceSession(spec, directory, platform.grain(spec), device);
        },
        () -> modelCost(shape.model(), shape.vocabulary(), threads));
  }

  private <T> T onDevice(SessionSpec spec, Function<Device, T> open, Supplier<Cost> cost) {
    List<Problem> problems = new ArrayList<>();
    unavailable().ifPresent(problems::add);
    problems.addAll(tooLarge(spec));
    refuse(problems);
    try {
      Device device = platform.open(spec);
      try {
        return open.apply(device);
      } catch (RuntimeException | Error e) {
        device.close();
        throw e;
      }
    } catch (OutOfMemoryError e) {
      throw new MixlawException(
          MixlawException.Kind.ENGINE,
          new Problem(
              "engine " + name + ": model " + spec.model().name() + " does not fit in memory",
              cost.get().memoryBytes() + " bytes, " + e.getMessage(),
              "what is free here",
              "a smaller ModelSpec or batch, " + platform.memorySettings()),
          e);
    }
  }

  /** What a device cannot hold in one piece. */
  private List<Problem> tooLarge(SessionSpec spec) {
    List<Problem> problems = new ArrayList<>();
    for (WeightLayout.Tensor t : WeightLayout.of(spec.model(), spec.vocabulary()).tensors()) {
      // Neighbours of up to three are one tensor to a kernel.
      if (3 * t.length() > platform.largestTensor()) {
        problems.add(
            new Problem(
                "engine " + name + ": " + t.name() + " of " + spec.model().name() + " is too large",
                t.length() + " values",
                "at most " + platform.largestTensor() / 3,
                "a smaller ModelSpec or vocabulary"));
      }
    }
    return problems;
  }

  private static void refuse(List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.ENGINE, problems, null);
    }
  }
}
