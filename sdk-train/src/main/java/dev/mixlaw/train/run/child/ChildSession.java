package dev.mixlaw.train.run.child;

import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.run.child.ChildProtocol.Request;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A training session in a child JVM. */
final class ChildSession implements TrainingSession {
  private final SessionSpec spec;
  private final ChildConnection connection;
  private long steps;

  private ChildSession(SessionSpec spec, ChildConnection connection) {
    this.spec = spec;
    this.connection = connection;
  }

  static ChildSession open(TrainingEngine engine, SessionSpec spec) {
    ChildConnection connection =
        new ChildConnection(
            "engine " + engine.name() + ", model " + spec.model().name(), spec.threads());
    try {
      connection.ask(
          Request.OPEN,
          out -> {
            out.writeUTF(engine.getClass().getName());
            ChildProtocol.spec(out, spec);
          },
          in -> true);
    } catch (RuntimeException e) {
      connection.close();
      throw e;
    }
    return new ChildSession(spec, connection);
  }

  @Override
  public StepResult step(int[] sequences, double learningRate) {
    return begin(sequences, learningRate).get();
  }

  @Override
  public Supplier<StepResult> begin(int[] sequences, double learningRate) {
    long step = ++steps;
    connection.ask(
        Request.BEGIN,
        out -> {
          out.writeLong(step);
          ChildProtocol.ints(out, sequences, sequences.length);
          out.writeDouble(learningRate);
        },
        in -> true);
    return new PendingStep(step);
  }

  private final class PendingStep implements Supplier<StepResult> {
    private final long step;
    private @Nullable StepResult result;

    private PendingStep(long step) {
      this.step = step;
    }

    @Override
    public StepResult get() {
      if (result == null) {
        result =
            connection.ask(
                Request.RESULT,
                out -> out.writeLong(step),
                in -> new StepResult(in.readDouble(), in.readDouble()));
      }
      return result;
    }
  }

  @Override
  public Gradients gradients(int[] sequences) {
    return connection.ask(
        Request.GRADIENTS,
        out -> ChildProtocol.ints(out, sequences, sequences.length),
        in -> {
          double loss = in.readDouble();
          Map<String, float[]> byTensor = new LinkedHashMap<>();
          for (int n = in.readInt(); n > 0; n--) {
            byTensor.put(in.readUTF(), ChildProtocol.floats(in));
          }
          return new Gradients(loss, byTensor);
        });
  }

  @Override
  public LanguageModel model() {
    return new ChildModel.Reader(connection, spec.model().context(), spec.vocabulary());
  }

  @Override
  public void save(Path directory) {
    connection.ask(
        Request.SAVE,
        out -> ChildProtocol.text(out, directory.toAbsolutePath().toString()),
        in -> true);
  }

  @Override
  public void load(Path directory) {
    connection.ask(
        Request.LOAD,
        out -> ChildProtocol.text(out, directory.toAbsolutePath().toString()),
        in -> true);
  }

  @Override
  public void close() {
    connection.close();
  }
}
