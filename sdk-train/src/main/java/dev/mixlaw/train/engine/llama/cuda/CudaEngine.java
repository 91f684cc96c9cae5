package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.llama.DeviceComparison;
import dev.mixlaw.train.engine.llama.LlamaEngine;
import dev.mixlaw.train.engine.llama.Platform;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import dev.mixlaw.train.engine.llama.cpu.Precision;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The engine {@code cuda}: the native engine's decoder on an NVIDIA card.
 *
 * <p>Kernels that are right on one card, driver and compiler may be wrong on another, and a loss
 * that is a little wrong looks like any loss. So {@code auto} takes it where minute models have
 * come out as on the processor: tried once, and remembered with the compiled kernels.
 */
public final class CudaEngine extends LlamaEngine {
  private static final int RANK = 110;

  /** Seconds: steps that take longer leave nothing of a card unused. */
  private static final double FILLS = 0.25;

  private final CudaPlatform cuda;
  private final Platform reference;
  private final List<SessionSpec> models;
  private final Duration watched;

  public CudaEngine() {
    this(
        new CudaPlatform(),
        new CpuPlatform(Precision.FP32),
        DeviceComparison.models(),
        Duration.ofSeconds(1));
  }

  /**
   * @param models to try
   * @param watched how long sessions are, to know how many are best at once
   */
  CudaEngine(CudaPlatform cuda, Platform reference, List<SessionSpec> models, Duration watched) {
    super("cuda", cuda, RANK);
    this.cuda = cuda;
    this.reference = reference;
    this.models = List.copyOf(models);
    this.watched = watched;
  }

  @Override
  public Optional<Problem> doubt() {
    Optional<Problem> none = reference.unavailable();
    if (none.isPresent()) {
      return Optional.of(
          doubt(
              "cannot be tried against the processor",
              none.get().toString(),
              "the engine native's libraries on the class path"));
    }
    try {
      String found = cuda.cached("trial", reference.describe(), this::differences);
      return found.isEmpty()
          ? Optional.empty()
          : Optional.of(
              doubt(
                  "computes other than the processor",
                  found,
                  "differences that rounding explains; the bundle's check tells more"));
    } catch (MixlawException | UncheckedIOException | IllegalStateException e) {
      return Optional.of(
          doubt("was tried and failed", String.valueOf(e.getMessage()), "a trial that ends"));
    }
  }

  @Override
  public OptionalLong deviceMemory() {
    return OptionalLong.of(cuda.memory());
  }

  @Override
  public AtOnce atOnce(SessionSpec spec) {
    Cost cost = cost(spec);
    long fit = cuda.memory() / Math.max(1, cost.memoryBytes());
    if (fit < 2) {
      return new AtOnce(1, "a second one does not fit on the card");
    }
    double secondsOfAStep =
        (double) spec.batchSequences()
            * spec.model().context()
            / Math.max(1, cost.tokensPerSecond());
    if (secondsOfAStep > FILLS) {
      return new AtOnce(1, "a model this large fills the card");
    }
    // The seed changes no time, nor does the name of a model.
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
      return new AtOnce(1, "how many are best at once could not be tried: " + e.getMessage());
    }
  }

  private static String line(AtOnce found) {
    return found.sessions() + "\n" + found.reason();
  }

  private String differences() {
    DeviceComparison trial = new DeviceComparison(cuda, reference, cuda.tolerance());
    return models.stream()
        .flatMap(model -> trial.differences(model).stream())
        .collect(Collectors.joining("; "));
  }

  private Problem doubt(String what, String actual, String allowed) {
    return new Problem(
        "engine cuda: " + cuda.describe() + " " + what,
        actual,
        allowed,
        "Lab.Builder.engine(\"cuda\"), which takes it all the same");
  }
}
