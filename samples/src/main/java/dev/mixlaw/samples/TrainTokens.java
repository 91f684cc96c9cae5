package dev.mixlaw.samples;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.Schedule;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Trains a decoder on a file of token ids. Uses only an engine, for example on a machine with a
 * GPU.
 */
@Command(
    name = "TrainTokens",
    mixinStandardHelpOptions = true,
    description = "Trains a decoder on a file of token ids.")
final class TrainTokens implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "file of little-endian token ids")
  private Path file = Path.of("");

  @Option(names = "--id-bytes", description = "bytes per id, 2 or 4 (default: ${DEFAULT-VALUE})")
  private int idBytes = 2;

  @Option(names = "--vocab", required = true, description = "vocabulary size; every id is below it")
  private int vocabulary;

  @Mixin private final ModelOptions shape = new ModelOptions(768, 12, 12, 2048, 1024, 16);

  @Option(names = "--steps", description = "training steps (default: ${DEFAULT-VALUE})")
  private int steps = 500;

  @Option(names = "--rate", description = "highest learning rate (default: ${DEFAULT-VALUE})")
  private double rate = 6e-4;

  @Option(names = "--warm-up", description = "warm-up steps (default: ${DEFAULT-VALUE})")
  private int warmUp = 50;

  @Option(
      names = "--seed",
      description = "seed for weights and batches (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  @Option(
      names = "--every",
      description = "number of steps between lines of output (default: ${DEFAULT-VALUE})")
  private int every = 10;

  @Option(names = "--save", description = "directory for the trained model")
  private @Nullable Path save;

  @Override
  public Integer call() throws IOException {
    TrainingEngine engine = shape.engine();
    ModelSpec model = shape.model("tokens");
    int context = shape.context;
    int threads = Runtime.getRuntime().availableProcessors();
    SessionSpec spec =
        new SessionSpec(model, vocabulary, shape.batch, Recipe.standard(), seed, threads);
    TrainingEngine.Cost cost = engine.cost(spec);
    Samples.print(
        "%s on %s, %d parameters, %.0f MB%s",
        engine.name(),
        engine.device(),
        model.parameters(vocabulary),
        cost.memoryBytes() / 1e6,
        cost.note().isEmpty() ? "" : "; " + cost.note());
    try (FileChannel channel = FileChannel.open(file);
        TrainingSession session = engine.open(spec)) {
      long tokens = channel.size() / idBytes;
      if ((idBytes != 2 && idBytes != 4) || tokens <= context) {
        System.err.println(
            "%s: %s ids of %s bytes each; expected 2 or 4 bytes per id, and more ids than --context"
                .formatted(file, tokens, idBytes));
        return 2;
      }
      int[] ids = new int[shape.batch * (context + 1)];
      long begin = System.nanoTime();
      read(channel, tokens, 0, ids);
      Supplier<TrainingSession.StepResult> begun = session.begin(ids, rateOf(0));
      for (int step = 0; step < steps; step++) {
        Supplier<TrainingSession.StepResult> result = begun;
        if (step + 1 < steps) { // reads while the step is running
          read(channel, tokens, step + 1, ids);
          begun = session.begin(ids, rateOf(step + 1));
        }
        if (!Double.isFinite(result.get().gradientNorm())) {
          System.err.println("diverged at step " + step + ": " + result.get());
          return 1;
        }
        if (step % every == 0 || step == steps - 1) {
          double seconds = (System.nanoTime() - begin) / 1e9;
          Samples.print(
              "step %d: loss %.4f, gradient norm %.3f, %.0f tokens/s",
              step,
              result.get().loss(),
              result.get().gradientNorm(),
              (step + 1.0) * shape.batch * context / seconds);
        }
      }
      if (save != null) {
        Files.createDirectories(save);
        session.save(save);
      }
    }
    return 0;
  }

  /**
   * Returns the learning rate of a step. The schedule is a linear warm-up, followed by a cosine
   * decay to one tenth of the peak.
   */
  private double rateOf(int step) {
    Schedule schedule = Schedule.cosine(warmUp, 0.1);
    return schedule.rate(schedule.trunkRate(rate, step), step, steps, steps);
  }

  /** Reads sequences at random positions. The positions depend only on the seed and the step. */
  private void read(FileChannel channel, long tokens, int step, int[] ids) throws IOException {
    SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + step);
    int context = shape.context;
    ByteBuffer buffer = ByteBuffer.allocate((context + 1) * idBytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int s = 0; s < shape.batch; s++) {
      long at = random.nextLong(tokens - context);
      buffer.clear();
      while (buffer.hasRemaining() && channel.read(buffer, at * idBytes + buffer.position()) >= 0) {
        // A single read may return fewer bytes than requested.
      }
      for (int i = 0; i <= context; i++) {
        ids[s * (context + 1) + i] =
            idBytes == 2 ? Short.toUnsignedInt(buffer.getShort(2 * i)) : buffer.getInt(4 * i);
      }
    }
  }

  public static void main(String[] args) {
    System.exit(Samples.run(new TrainTokens(), args));
  }
}
