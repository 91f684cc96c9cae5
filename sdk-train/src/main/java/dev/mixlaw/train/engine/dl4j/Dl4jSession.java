package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.loops.AdamW;
import dev.mixlaw.train.engine.weights.Checkpoint;
import dev.mixlaw.train.engine.weights.InitialWeights;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Trains one decoder. A batch is split over as many networks as the session has threads, each on a
 * thread of its own over shared weights; each takes its sequences in parts that fit its buffers,
 * and the gradients are added up in a fixed order.
 *
 * <p>Splitting the batch, rather than each operation, keeps two threads busy where operations are
 * too small to be worth dividing. DL4J's updaters know neither decoupled decay nor clipping by the
 * global norm of the sum, so the update is here.
 */
final class Dl4jSession implements TrainingSession {
  /** Rows of a part: activations of small models stay near the second-level cache. */
  private static final int PART_ROWS = 512;

  private final SessionSpec spec;
  private final WeightLayout layout;
  private final INDArray weightArray;
  private final INDArray meanArray;
  private final INDArray squareArray;
  private final List<Piece> pieces = new ArrayList<>();
  private final List<DecoderNetwork> networks = new ArrayList<>();
  private final ExecutorService threads;
  private long steps;
  private boolean closed;

  /** A tensor's part of the flat arrays. */
  private record Piece(
      WeightLayout.Tensor tensor, Tensor weights, Tensor gradient, Tensor mean, Tensor square) {}

  /**
   * @param type single precision, or double for checks
   * @param kernels one set for each network
   */
  Dl4jSession(SessionSpec spec, DataType type, Supplier<Kernels> kernels) {
    this.spec = spec;
    layout = WeightLayout.of(spec.model(), spec.vocabulary());
    weightArray = Nd4j.create(type, 1, layout.size());
    meanArray = Nd4j.create(type, 1, layout.size());
    squareArray = Nd4j.create(type, 1, layout.size());
    int workers = workers(spec);
    for (int i = 0; i < workers; i++) {
      networks.add(
          new DecoderNetwork(
              spec.model(), spec.vocabulary(), part(spec), weightArray, kernels.get()));
    }
    threads = Executors.newFixedThreadPool(workers, Dl4jSession::thread);
    Tensor weights = new Tensor(weightArray);
    Tensor means = new Tensor(meanArray);
    Tensor squares = new Tensor(squareArray);
    for (WeightLayout.Tensor t : layout.tensors()) {
      pieces.add(
          new Piece(
              t,
              weights.from(t.offset()),
              networks.get(0).gradient().from(t.offset()),
              means.from(t.offset()),
              squares.from(t.offset())));
      write(weightArray, t, InitialWeights.of(t, spec.model().layers(), spec.seed()));
    }
  }

  /** Threads that have at least a sequence to work on. */
  static int workers(SessionSpec spec) {
    return Math.max(1, Math.min(spec.threads(), spec.batchSequences()));
  }

  /** Most sequences a network takes at a time. */
  static int part(SessionSpec spec) {
    int share = (spec.batchSequences() + workers(spec) - 1) / workers(spec);
    return Math.max(1, Math.min(share, PART_ROWS / spec.model().context()));
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "mixlaw-dl4j");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public StepResult step(int[] sequences, double learningRate) {
    double loss = accumulate(sequences);
    Kernels kernels = networks.get(0).kernels();
    double norm = Math.sqrt(kernels.sumOfSquares(networks.get(0).gradient(), layout.size()));
    if (Double.isFinite(loss) && Double.isFinite(norm)) {
      update(learningRate, norm, kernels);
    }
    return new StepResult(loss, norm);
  }

  private void update(double learningRate, double norm, Kernels kernels) {
    Recipe recipe = spec.recipe();
    steps++;
    double clip = norm > recipe.clipNorm() ? recipe.clipNorm() / norm : 1;
    for (Piece p : pieces) {
      kernels.adamW(
          p.weights(),
          p.gradient(),
          p.mean(),
          p.square(),
          p.tensor().length(),
          new AdamW(
              learningRate,
              recipe.beta1(),
              recipe.beta2(),
              recipe.epsilon(),
              p.tensor().decays() ? recipe.weightDecay() : 0,
              clip,
              1 - Math.pow(recipe.beta1(), (double) steps),
              1 - Math.pow(recipe.beta2(), (double) steps)));
    }
  }

  @Override
  public Gradients gradients(int[] sequences) {
    double loss = accumulate(sequences);
    Map<String, float[]> byTensor = new LinkedHashMap<>();
    INDArray all = networks.get(0).gradient().array();
    for (WeightLayout.Tensor t : layout.tensors()) {
      byTensor.put(t.name(), read(all, t));
    }
    return new Gradients(loss, byTensor);
  }

  /** Gradients of the batch's mean loss to the first network; returns the loss. */
  private double accumulate(int[] sequences) {
    int context = spec.model().context();
    int batch = spec.batchSequences();
    if (sequences.length != batch * (context + 1)) {
      throw new IllegalArgumentException(
          "a batch is "
              + batch
              + " sequences of "
              + (context + 1)
              + " ids, not "
              + sequences.length
              + " ids");
    }
    checkIds(sequences, sequences.length);
    double rowScale = 1.0 / ((double) batch * context);
    int part = part(spec);
    double[] sums = new double[networks.size()];
    onEach(
        worker -> {
          DecoderNetwork network = networks.get(worker);
          network.clearGradient();
          int end = first(worker + 1, batch);
          for (int at = first(worker, batch); at < end; at += part) {
            sums[worker] += network.accumulate(sequences, at, Math.min(part, end - at), rowScale);
          }
        });
    double sum = sums[0];
    for (int i = 1; i < networks.size(); i++) {
      DecoderNetwork to = networks.get(0);
      to.kernels().add(networks.get(i).gradient(), to.gradient(), layout.size());
      sum += sums[i];
    }
    return sum * rowScale;
  }

  /** First of {@code count} sequences that is a worker's. */
  private int first(int worker, int count) {
    return (int) ((long) worker * count / networks.size());
  }

  private void checkIds(int[] ids, int count) {
    for (int i = 0; i < count; i++) {
      if (ids[i] < 0 || ids[i] >= spec.vocabulary()) {
        throw new IllegalArgumentException(
            "token id " + ids[i] + " at " + i + " is not in a vocabulary of " + spec.vocabulary());
      }
    }
  }

  /** Runs a job for every worker and waits for all of them. */
  private void onEach(IntConsumer job) {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    if (networks.size() == 1) {
      job.accept(0);
      return;
    }
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < networks.size(); i++) {
      int worker = i;
      running.add(threads.submit(() -> job.accept(worker)));
    }
    @Nullable Throwable failure = null;
    boolean interrupted = false;
    for (Future<?> one : running) {
      while (true) {
        try {
          one.get();
          break;
        } catch (ExecutionException e) {
          failure = e.getCause();
          break;
        } catch (InterruptedException e) {
          // Buffers are in use until all workers are done: wait, and say so afterwards.
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw new IllegalStateException("a training thread failed", failure);
    }
  }

  @Override
  public LanguageModel model() {
    return new Model();
  }

  private final class Model implements LanguageModel {
    @Override
    public int context() {
      return spec.model().context();
    }

    @Override
    public int vocabulary() {
      return spec.vocabulary();
    }

    @Override
    public void losses(int[] ids, int rows, int length, float[] nats) {
      if (length < 1 || length > context()) {
        throw new IllegalArgumentException(
            length + " tokens a row; 1 to " + context() + " are possible");
      }
      checkIds(ids, rows * (length + 1));
      // As many rows as fit where a part of full sequences does.
      int part = part(spec) * context() / length;
      onEach(
          worker -> {
            double[] some = new double[part * length];
            int end = first(worker + 1, rows);
            for (int at = first(worker, rows); at < end; at += part) {
              int n = Math.min(part, end - at);
              networks.get(worker).losses(ids, at, n, length, some);
              for (int i = 0; i < n * length; i++) {
                nats[at * length + i] = (float) some[i];
              }
            }
          });
    }
  }

  @Override
  public void save(Path directory) {
    new Checkpoint(spec.model(), spec.vocabulary())
        .save(
            directory,
            new Checkpoint.State(
                steps,
                t -> read(weightArray, t),
                t -> read(meanArray, t),
                t -> read(squareArray, t)));
  }

  @Override
  public void load(Path directory) {
    steps =
        new Checkpoint(spec.model(), spec.vocabulary())
            .load(
                directory,
                (t, values) -> write(weightArray, t, values),
                (t, values) -> write(meanArray, t, values),
                (t, values) -> write(squareArray, t, values));
  }

  private static float[] read(INDArray flat, WeightLayout.Tensor tensor) {
    return view(flat, tensor).toFloatVector();
  }

  private static void write(INDArray flat, WeightLayout.Tensor tensor, float[] values) {
    try (INDArray from = Nd4j.createFromArray(values)) {
      view(flat, tensor).assign(from);
    }
  }

  private static INDArray view(INDArray flat, WeightLayout.Tensor tensor) {
    return flat.reshape(flat.length())
        .get(NDArrayIndex.interval(tensor.offset(), tensor.offset() + tensor.length()));
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    threads.shutdown();
    networks.forEach(DecoderNetwork::close);
    weightArray.close();
    meanArray.close();
    squareArray.close();
  }
}
