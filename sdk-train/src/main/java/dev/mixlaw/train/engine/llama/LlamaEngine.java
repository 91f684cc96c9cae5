package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.weights.Checkpoint;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** An engine that trains the Llama decoder of this package on the devices of a platform. */
public class LlamaEngine implements TrainingEngine {
  /**
   * System property that defines which activations a training step keeps. The value {@code
   * everything} keeps all activations. The value {@code products} recomputes the activations that
   * take little time to compute. The value {@code inputs} keeps only the inputs of blocks and
   * recomputes nearly everything else. The default, {@code auto}, keeps as many activations as fit
   * in memory. The results are bit-identical with all values.
   */
  public static final String KEEP = "mixlaw.native.keep";

  private final String name;
  private final Platform platform;
  private final int rank;
  private final RecomputationPolicy recomputation;

  /** Creates an engine named {@code native}. */
  public LlamaEngine(Platform platform) {
    this("native", platform, 50);
  }

  protected LlamaEngine(String name, Platform platform, int rank) {
    this(name, platform, rank, System.getProperty(KEEP, RecomputationPolicy.AUTO));
  }

  /** Creates an engine with a value of {@link #KEEP}, for tests. */
  LlamaEngine(Platform platform, String keep) {
    this("native", platform, 50, keep);
  }

  private LlamaEngine(String name, Platform platform, int rank, String keep) {
    this.name = name;
    this.platform = platform;
    this.rank = rank;
    recomputation = new RecomputationPolicy(keep);
  }

  @Override
  public String name() {
    return name;
  }

  /** Returns a version that includes the instruction set and the precision. */
  @Override
  public String version() {
    return "4, " + platform.precisionName();
  }

  @Override
  public String device() {
    return platform.describe();
  }

  @Override
  public Map<String, String> properties() {
    return platform.properties();
  }

  @Override
  public Optional<Problem> unavailable() {
    return recomputation.problem(name).or(platform::unavailable);
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public Cost cost(SessionSpec spec) {
    MixlawException.throwIfAny(MixlawException.Kind.ENGINE, tooLarge(spec));
    return choose(spec, platform.memory()).cost();
  }

  private RecomputationPolicy.Choice choose(SessionSpec spec, long free) {
    return recomputation.choose(
        spec, Math.min(free, spec.memoryBytes()), chosen -> cost(spec, chosen));
  }

  private Cost cost(SessionSpec spec, Recomputation chosen) {
    TileSizes tiles = platform.tileSizes(spec);
    Allocator.Counter counter = new Allocator.Counter(tiles);
    int microBatch =
        new TrainingMemory(spec, platform.lanes(spec), chosen, tiles, counter).model.microBatch;
    double flops = spec.model().trainingFlopsPerToken(spec.vocabulary());
    return cost(spec, counter, microBatch, true, flops + chosen.extraFlopsPerToken(spec.model()));
  }

  @Override
  public Cost modelCost(ModelSpec model, int vocabulary, int threads) {
    SessionSpec spec = untrained(model, vocabulary, threads);
    MixlawException.throwIfAny(MixlawException.Kind.ENGINE, tooLarge(spec));
    TileSizes tiles = platform.tileSizes(spec);
    Allocator.Counter counter = new Allocator.Counter(tiles);
    int lanes = platform.lanes(spec);
    Recomputation none = Recomputation.forwardOnly(model);
    int microBatch = new ModelMemory(spec, lanes, none, tiles, counter).microBatch;
    // A forward pass needs a third of the operations of a training step.
    return cost(spec, counter, microBatch, false, model.trainingFlopsPerToken(vocabulary) / 3);
  }

  private Cost cost(
      SessionSpec spec,
      Allocator.Counter counter,
      int microBatch,
      boolean trained,
      double flopsPerToken) {
    int lanes = platform.lanes(spec);
    int rows = microBatch * spec.model().context();
    return new Cost(
        counter.bytes() + platform.kernelBytes(spec, rows, trained),
        lanes * speed(spec) / flopsPerToken);
  }

  private double speed(SessionSpec spec) {
    return platform.flopsPerLane(spec.model().trainingFlopsPerToken(spec.vocabulary()));
  }

  private SessionSpec untrained(ModelSpec model, int vocabulary, int threads) {
    SessionSpec one = new SessionSpec(model, vocabulary, threads, Recipe.standard(), 0, threads);
    int each = Math.max(1, platform.tileSizes(one).microBatchRows() / model.context());
    return new SessionSpec(
        model, vocabulary, Math.multiplyExact(each, threads), Recipe.standard(), 0, threads);
  }

  /** Estimates the cost, assuming that matrix products take half of the time. */
  @Override
  public Optional<Cost> writingCost(ModelSpec model, int vocabulary, int threads) {
    SessionSpec spec = untrained(model, vocabulary, threads);
    MixlawException.throwIfAny(MixlawException.Kind.ENGINE, tooLarge(spec));
    int lanes = platform.lanes(spec);
    double flopsPerToken = 2 * model.trainingFlopsPerToken(vocabulary) / 3;
    return Optional.of(
        new Cost(
            GenerationMemory.bytes(model, vocabulary, platform.tileSizes(spec), lanes),
            lanes * speed(spec) / flopsPerToken));
  }

  @Override
  public TrainingSession open(SessionSpec spec) {
    return onDevice(
        spec,
        device -> {
          // Other sessions may have allocated memory since the study was planned.
          RecomputationPolicy.Choice now = choose(spec, Math.min(platform.memory(), device.free()));
          device.reserve(now.cost().memoryBytes());
          return new DecoderSession(spec, platform.tileSizes(spec), now.recomputation(), device);
        },
        () -> cost(spec));
  }

  @Override
  public LanguageModel openModel(Path directory, int threads) {
    Checkpoint shape = Checkpoint.of(directory);
    SessionSpec spec = untrained(shape.model(), shape.vocabulary(), threads);
    return onDevice(
        spec,
        device -> {
          device.reserve(modelCost(shape.model(), shape.vocabulary(), threads).memoryBytes());
          TileSizes tiles = platform.tileSizes(spec);
          ModelMemory memory =
              new ModelMemory(
                  spec, device.lanes(), Recomputation.forwardOnly(spec.model()), tiles, device);
          shape.loadModel(directory, (t, values) -> device.write(memory.weights, t, values));
          return new DecoderModel(spec, tiles, device, memory);
        },
        () -> modelCost(shape.model(), shape.vocabulary(), threads));
  }

  private <T> T onDevice(SessionSpec spec, Function<Device, T> open, Supplier<Cost> cost) {
    List<Problem> problems = new ArrayList<>();
    unavailable().ifPresent(problems::add);
    problems.addAll(tooLarge(spec));
    MixlawException.throwIfAny(MixlawException.Kind.ENGINE, problems);
    try {
      Device device = platform.open(spec);
      try {
        return open.apply(device);
      } catch (RuntimeException | Error e) {
        device.close();
        throw e;
      }
    } catch (OutOfMemoryError e) {
      throw MixlawException.engine(
          "engine " + name + ": model " + spec.model().name() + " does not fit in memory",
          cost.get().memoryBytes() + " bytes are needed, " + e.getMessage(),
          "enough free memory",
          "use a smaller ModelSpec or batch, or change " + platform.memorySettings(),
          e);
    }
  }

  private List<Problem> tooLarge(SessionSpec spec) {
    List<Problem> problems = new ArrayList<>();
    for (WeightLayout.Tensor t : WeightLayout.of(spec.model(), spec.vocabulary()).tensors()) {
      // Kernels treat up to three adjacent tensors as one.
      if (3 * t.length() > platform.largestTensor()) {
        problems.add(
            new Problem(
                "engine " + name + ": " + t.name() + " of " + spec.model().name() + " is too large",
                t.length() + " values",
                "at most " + platform.largestTensor() / 3,
                "use a smaller ModelSpec or vocabulary"));
      }
    }
    return problems;
  }
}
