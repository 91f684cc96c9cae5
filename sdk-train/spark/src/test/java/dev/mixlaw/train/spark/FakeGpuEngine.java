package dev.mixlaw.train.spark;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.llama.cpu.NativeEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The engine {@code native} with simulated GPUs. When a session is opened, it creates a file named
 * {@code GPUS WORKER} in a directory, and waits until as many workers as there are GPUs have done
 * the same.
 */
public final class FakeGpuEngine implements TrainingEngine {
  static final String DIRECTORY = "test.cards";
  static final String CARDS = "test.cards.number";

  private final TrainingEngine cpu = new NativeEngine();
  private final String cards;
  private final String worker = UUID.randomUUID().toString();

  /** Creates the engine without GPUs; called by the service loader. */
  public FakeGpuEngine() {
    this("none");
  }

  private FakeGpuEngine(String cards) {
    this.cards = cards;
  }

  @Override
  public TrainingEngine cards(int... numbers) {
    return new FakeGpuEngine(
        Arrays.stream(numbers).mapToObj(n -> "" + n).collect(Collectors.joining("+")));
  }

  @Override
  public TrainingSession open(SessionSpec spec) {
    Path directory = Path.of(System.getProperty(DIRECTORY));
    try {
      Files.writeString(directory.resolve(cards + " " + worker), "");
      long start = System.nanoTime();
      while (used(directory).size() < Integer.getInteger(CARDS)) {
        if (System.nanoTime() - start > TimeUnit.MINUTES.toNanos(2)) {
          throw new IllegalStateException("alone on card " + cards + ": " + used(directory));
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cpu.open(spec);
  }

  static List<String> used(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public String name() {
    return "fake-gpu";
  }

  @Override
  public String device() {
    return "a card";
  }

  @Override
  public int rank() {
    return -1;
  }

  @Override
  public Optional<Problem> unavailable() {
    return cpu.unavailable();
  }

  @Override
  public Cost cost(SessionSpec spec) {
    return cpu.cost(spec);
  }

  @Override
  public LanguageModel openModel(Path directory, int threads) {
    return cpu.openModel(directory, threads);
  }

  @Override
  public Cost modelCost(ModelSpec model, int vocabulary, int threads) {
    return cpu.modelCost(model, vocabulary, threads);
  }
}
