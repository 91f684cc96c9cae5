package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.engine.llama.DeviceComparison;
import dev.mixlaw.train.engine.llama.LlamaEngine;
import dev.mixlaw.train.engine.llama.Platform;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The engine {@code cuda}, which runs the Llama decoder on one or several NVIDIA GPUs. Each model
 * is trained on a single GPU.
 *
 * <p>Kernels that are correct with one combination of GPU, driver and compiler may be wrong with
 * another, and a slightly wrong loss is hard to notice. The setting {@code auto} therefore chooses
 * this engine only if tiny models that are trained on the GPU and on the CPU give the same results.
 * The comparison runs once, and its outcome is stored with the compiled kernels.
 */
public final class CudaEngine extends LlamaEngine {
  private static final int RANK = 110;

  /** Step time, in seconds, above which one session is assumed to saturate the GPU. */
  private static final double FULL_STEP_SECONDS = 0.25;

  private final List<CudaPlatform> cards;
  private final Platform reference;
  private final List<SessionSpec> models;
  private final Duration watched;

  /** Creates the engine for the GPUs and the precision that system properties select. */
  public CudaEngine() {
    this(
        CudaPlatform.ofProperties(),
        new CpuPlatform(Precision.FP32),
        DeviceComparison.models(),
        Duration.ofSeconds(1));
  }

  /**
   * Creates an engine for tests.
   *
   * @param models the models for the comparison between GPU and CPU
   * @param watched duration of the measurements that determine the best number of concurrent
   *     sessions
   */
  CudaEngine(
      List<CudaPlatform> cards, Platform reference, List<SessionSpec> models, Duration watched) {
    super("cuda", cards.get(0), RANK);
    this.cards = List.copyOf(cards);
    this.reference = reference;
    this.models = List.copyOf(models);
    this.watched = watched;
  }

  private CudaEngine with(List<CudaPlatform> others) {
    return new CudaEngine(others, reference, models, watched);
  }

  @Override
  public TrainingEngine precision(Precision format) {
    return with(cards.stream().map(card -> card.withPrecision(format)).toList());
  }

  @Override
  public TrainingEngine cards(int... numbers) {
    if (numbers.length == 0 || Arrays.stream(numbers).distinct().count() < numbers.length) {
      throw new IllegalArgumentException(
          "cards: " + Arrays.toString(numbers) + "; expected at least one number, each only once");
    }
    return with(
        Arrays.stream(numbers)
            .mapToObj(number -> cards.get(0).onCard(Integer.toString(number)))
            .toList());
  }

  @Override
  public List<TrainingEngine> devices() {
    return cards.size() == 1
        ? List.of(this)
        : cards.stream().<TrainingEngine>map(card -> with(List.of(card))).toList();
  }

  @Override
  public String device() {
    return cards.stream()
        .collect(
            Collectors.groupingBy(
                CudaPlatform::describe, LinkedHashMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .map(kind -> (kind.getValue() == 1 ? "" : kind.getValue() + " × ") + kind.getKey())
        .collect(Collectors.joining(" and "));
  }

  @Override
  public Optional<Problem> unavailable() {
    return super.unavailable()
        .or(() -> cards.stream().flatMap(card -> card.unavailable().stream()).findFirst());
  }

  @Override
  public Optional<Problem> doubt() {
    return cards.stream().flatMap(card -> doubt(card).stream()).findFirst();
  }

  private Optional<Problem> doubt(CudaPlatform cuda) {
    Optional<Problem> none = reference.unavailable();
    if (none.isPresent()) {
      return Optional.of(
          doubt(
              cuda,
              "cannot be compared with the processor",
              none.get().toString(),
              "the libraries of engine native on the class path"));
    }
    try {
      String found = cuda.cached("trial", reference.describe(), () -> differences(cuda));
      return found.isEmpty()
          ? Optional.empty()
          : Optional.of(
              doubt(
                  cuda,
                  "computes different results from the processor",
                  found,
                  "only differences due to rounding; for details, run the bundle's check"));
    } catch (MixlawException | UncheckedIOException | IllegalStateException e) {
      return Optional.of(
          doubt(
              cuda,
              "failed the comparison with the processor",
              String.valueOf(e.getMessage()),
              "a comparison that completes"));
    }
  }

  @Override
  public OptionalLong deviceMemory() {
    return cards.stream().mapToLong(CudaPlatform::memory).min();
  }

  @Override
  public AtOnce atOnce(SessionSpec spec) {
    Cost cost = cost(spec);
    CudaPlatform cuda = cards.get(0);
    long fit = cuda.memory() / Math.max(1, cost.memoryBytes());
    if (fit < 2) {
      return new AtOnce(1, "a second session does not fit on the card");
    }
    double secondsOfAStep =
        (double) spec.batchSequences()
            * spec.model().context()
            / Math.max(1, cost.tokensPerSecond());
    if (secondsOfAStep > FULL_STEP_SECONDS) {
      return new AtOnce(1, "one model of this size fully uses the card");
    }
    // The speed does not depend on the seed or the name of a model.
    String of =
        new SessionSpec(
                spec.model().named(""),
                spec.vocabulary(),
                spec.batchSequences(),
                spec.recipe(),
                0,
                1)
            + ", of which "
            + fit
            + " fit";
    try {
      String[] found =
          cuda.cached(
                  "at-once", of, () -> line(new ConcurrencyProbe(this, spec, fit, watched).best()))
              .split("\n", 2);
      return new AtOnce(Integer.parseInt(found[0]), found[1]);
    } catch (MixlawException | UncheckedIOException e) {
      return new AtOnce(
          1, "the best number of concurrent sessions could not be measured: " + e.getMessage());
    }
  }

  private static String line(AtOnce found) {
    return found.sessions() + "\n" + found.reason();
  }

  private String differences(CudaPlatform cuda) {
    DeviceComparison trial = new DeviceComparison(cuda, reference, cuda.tolerance());
    return models.stream()
        .flatMap(model -> trial.differences(model).stream())
        .collect(Collectors.joining("; "));
  }

  private static Problem doubt(CudaPlatform cuda, String what, String actual, String allowed) {
    return new Problem(
        "engine cuda: " + cuda.describe() + " " + what,
        actual,
        allowed,
        "set Lab.Builder.engine(Engines.cuda()) to use it nevertheless");
  }
}
