package dev.mixlaw.train.run;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A small and fast engine that really learns: it trains a table of next-token logits by SGD with
 * momentum.
 */
public final class BigramEngine implements TrainingEngine {
  /** Callbacks with which a test observes, delays or breaks a session. */
  interface Hook {
    /** Called before step {@code step}, which is counted from 0. */
    default void step(SessionSpec spec, long step) {}

    /** Returns the loss that the session reports. */
    default double loss(SessionSpec spec, long step, double loss) {
      return loss;
    }

    /** Called when half of a checkpoint has been written. */
    default void insideSave(SessionSpec spec, Path directory) {}

    default void load(SessionSpec spec) {}

    default void evaluate(SessionSpec spec) {}

    /** Called before a model generates a text. */
    default void write() {}
  }

  final AtomicInteger openSessions = new AtomicInteger();
  final AtomicInteger opened = new AtomicInteger();
  final AtomicLong steps = new AtomicLong();
  final AtomicLong written = new AtomicLong();
  Hook hook = new Hook() {};
  String name = "bigram";
  String version = "1";
  String device = "cpu (test)";
  List<TrainingEngine> devices = List.of(this);
  long memoryBytes = 1_000_000;
  long memoryPerThread;
  OptionalLong deviceMemory = OptionalLong.empty();
  Function<SessionSpec, AtOnce> atOnce = spec -> new AtOnce(1, "a test has one");

  /** Bytes of a session that recomputes activations because less memory is available. */
  long leastBytes = Long.MAX_VALUE;

  boolean writes = true;
  Optional<Problem> unavailable = Optional.empty();

  @Override
  public String name() {
    return name;
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public List<TrainingEngine> devices() {
    return devices;
  }

  @Override
  public String device() {
    return device;
  }

  @Override
  public Optional<Problem> unavailable() {
    return unavailable;
  }

  @Override
  public OptionalLong deviceMemory() {
    return deviceMemory;
  }

  @Override
  public AtOnce atOnce(SessionSpec spec) {
    return atOnce.apply(spec);
  }

  @Override
  public Cost cost(SessionSpec spec) {
    long most = memoryBytes + spec.threads() * memoryPerThread;
    return most <= spec.memoryBytes() || leastBytes >= most
        ? new Cost(most, 1000)
        : new Cost(leastBytes, 500, spec.model().name() + " computes twice");
  }

  @Override
  public TrainingSession open(SessionSpec spec) {
    openSessions.incrementAndGet();
    opened.incrementAndGet();
    return new Session(spec);
  }

  @Override
  public Optional<Cost> writingCost(ModelSpec model, int vocabulary, int threads) {
    return writes ? Optional.of(new Cost(memoryBytes, 1000)) : Optional.empty();
  }

  @Override
  public LanguageModel openModel(Path directory, int threads) {
    try {
      ByteBuffer weights =
          ByteBuffer.wrap(Files.readAllBytes(directory.resolve("model.safetensors")));
      float[] logits = new float[weights.remaining() / 4];
      weights.asFloatBuffer().get(logits);
      int context = Integer.parseInt(Files.readString(directory.resolve("config.json")));
      openSessions.incrementAndGet();
      return new Writer(logits, context) {
        @Override
        public void close() {
          openSessions.decrementAndGet();
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Fills {@code row} with the probabilities after token {@code from}, and returns the loss of
   * token {@code to}.
   */
  private static double loss(float[] logits, float[] row, int from, int to) {
    double sum = 0;
    for (int v = 0; v < row.length; v++) {
      row[v] = (float) Math.exp(logits[from * row.length + v]);
      sum += row[v];
    }
    for (int v = 0; v < row.length; v++) {
      row[v] /= (float) sum;
    }
    return -Math.log(row[to]);
  }

  /** Generates each token from the probabilities after the previous token. */
  private class Writer implements SamplingModel {
    private final float[] logits;
    private final int context;
    private final int vocabulary;

    private Writer(float[] logits, int context) {
      this.logits = logits;
      this.context = context;
      this.vocabulary = (int) Math.round(Math.sqrt(logits.length));
    }

    @Override
    public int context() {
      return context;
    }

    @Override
    public int vocabulary() {
      return vocabulary;
    }

    @Override
    public void losses(int[] ids, int rows, int length, int first, float[] nats) {
      float[] row = new float[vocabulary];
      for (int r = 0; r < rows; r++) {
        for (int t = first; t < length; t++) {
          int at = r * (length + 1) + t;
          nats[r * (length - first) + t - first] = (float) loss(logits, row, ids[at], ids[at + 1]);
        }
      }
    }

    @Override
    public void write(Supplier<? extends @Nullable Text> texts) {
      for (Text text = texts.get(); text != null; text = texts.get()) {
        hook.write();
        written.incrementAndGet();
        text.written(draw(text.prompt(), text.settings()));
      }
    }

    private int[] draw(int[] prompt, Sampling how) {
      SplittableRandom random = new SplittableRandom(how.seed());
      int most = Math.min(how.maxTokens(), context + 1 - prompt.length);
      int[] ids = new int[most];
      int last = prompt[prompt.length - 1];
      for (int n = 0; n < most; n++) {
        double[] row = new double[vocabulary];
        double sum = 0;
        for (int v = 0; v < vocabulary; v++) {
          row[v] = Math.exp(logits[last * vocabulary + v] / how.temperature());
          sum += row[v];
        }
        double left = random.nextDouble() * sum;
        int next = 0;
        while (next + 1 < vocabulary && left >= row[next]) {
          left -= row[next++];
        }
        if (next == how.endOfText()) {
          return Arrays.copyOf(ids, n);
        }
        ids[n] = next;
        last = next;
      }
      return ids;
    }
  }

  private final class Session implements TrainingSession {
    private final SessionSpec spec;
    private final int vocabulary;
    private final float[] logits;
    private final float[] momentum;
    private final float[] gradient;
    private final float[] row;
    private long step;
    private DeferredStep last = new DeferredStep(new int[0], 0);

    private Session(SessionSpec spec) {
      this.spec = spec;
      this.vocabulary = spec.vocabulary();
      this.logits = new float[vocabulary * vocabulary];
      this.momentum = new float[logits.length];
      this.gradient = new float[logits.length];
      this.row = new float[vocabulary];
      SplittableRandom random = new SplittableRandom(spec.seed() + spec.model().width());
      for (int i = 0; i < logits.length; i++) {
        logits[i] = (float) (random.nextDouble() * 0.1);
      }
    }

    /** A step that is computed only when its result is read. */
    private final class DeferredStep implements Supplier<StepResult> {
      private final int[] sequences;
      private final double learningRate;
      private @Nullable StepResult result;

      DeferredStep(int[] sequences, double learningRate) {
        this.sequences = sequences;
        this.learningRate = learningRate;
      }

      @Override
      public StepResult get() {
        if (result == null) {
          result = train(sequences, learningRate);
        }
        return result;
      }
    }

    @Override
    public StepResult step(int[] sequences, double learningRate) {
      return begin(sequences, learningRate).get();
    }

    @Override
    public Supplier<StepResult> begin(int[] sequences, double learningRate) {
      settle();
      last = new DeferredStep(sequences.clone(), learningRate);
      return last;
    }

    private void settle() {
      if (last.sequences.length > 0) {
        last.get();
      }
    }

    private StepResult train(int[] sequences, double learningRate) {
      hook.step(spec, step);
      int length = spec.model().context() + 1;
      Arrays.fill(gradient, 0);
      double loss = 0;
      int count = 0;
      for (int s = 0; (s + 1) * length <= sequences.length; s++) {
        for (int t = 0; t + 1 < length; t++) {
          int from = sequences[s * length + t];
          int to = sequences[s * length + t + 1];
          loss += probabilities(from, to);
          count++;
          for (int v = 0; v < vocabulary; v++) {
            gradient[from * vocabulary + v] += row[v] - (v == to ? 1 : 0);
          }
        }
      }
      double norm = 0;
      for (int i = 0; i < logits.length; i++) {
        float g = gradient[i] / count;
        norm += g * g;
        momentum[i] = 0.9f * momentum[i] + g;
        logits[i] -= (float) (learningRate * momentum[i]);
      }
      steps.incrementAndGet();
      return new StepResult(hook.loss(spec, step++, loss / count), Math.sqrt(norm));
    }

    /**
     * Fills {@code row} with the probabilities after token {@code from}, and returns the loss of
     * token {@code to}.
     */
    private double probabilities(int from, int to) {
      return loss(logits, row, from, to);
    }

    @Override
    public Map<String, float[]> gradients(int[] sequences) {
      return Map.of();
    }

    @Override
    public LanguageModel model() {
      settle();
      hook.evaluate(spec);
      return new LanguageModel() {
        @Override
        public int context() {
          return spec.model().context();
        }

        @Override
        public int vocabulary() {
          return vocabulary;
        }

        @Override
        public void losses(int[] ids, int rows, int length, int first, float[] nats) {
          for (int r = 0; r < rows; r++) {
            for (int t = first; t < length; t++) {
              nats[r * (length - first) + t - first] =
                  (float) probabilities(ids[r * (length + 1) + t], ids[r * (length + 1) + t + 1]);
            }
          }
        }
      };
    }

    @Override
    public void save(Path directory) {
      settle();
      try {
        byte[] weights = bytes(logits);
        Path model = directory.resolve("model.safetensors");
        Files.write(model, Arrays.copyOf(weights, weights.length / 2));
        hook.insideSave(spec, directory);
        Files.write(model, weights);
        Files.write(
            directory.resolve("config.json"),
            Integer.toString(spec.model().context()).getBytes(StandardCharsets.UTF_8));
        byte[] state = bytes(momentum);
        ByteBuffer trainer = ByteBuffer.allocate(8 + state.length).putLong(step).put(state);
        Files.write(directory.resolve("trainer.bin"), trainer.array());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void load(Path directory) {
      last = new DeferredStep(new int[0], 0); // a placeholder, which is never computed
      hook.load(spec);
      try {
        floats(ByteBuffer.wrap(Files.readAllBytes(directory.resolve("model.safetensors"))), logits);
        ByteBuffer trainer = ByteBuffer.wrap(Files.readAllBytes(directory.resolve("trainer.bin")));
        step = trainer.getLong();
        floats(trainer, momentum);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private byte[] bytes(float[] values) {
      ByteBuffer buffer = ByteBuffer.allocate(4 * values.length);
      buffer.asFloatBuffer().put(values);
      return buffer.array();
    }

    private void floats(ByteBuffer from, float[] into) {
      if (from.remaining() != 4 * into.length) {
        throw new MixlawException(
            MixlawException.Kind.STORAGE,
            new Problem("checkpoint", from.remaining() + " bytes", "" + 4 * into.length, "-"));
      }
      from.asFloatBuffer().get(into);
    }

    @Override
    public void close() {
      openSessions.decrementAndGet();
    }
  }
}
