package dev.mixlaw.train.run.internal.child;

import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.run.internal.child.Wire.Request;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** This JVM's end of a session in another. */
final class ChildSession implements TrainingSession {
  private final SessionSpec spec;
  private final ChildLine line;
  private long steps;

  private ChildSession(SessionSpec spec, ChildLine line) {
    this.spec = spec;
    this.line = line;
  }

  static ChildSession open(TrainingEngine engine, SessionSpec spec) {
    ChildLine line =
        new ChildLine("engine " + engine.name() + ", model " + spec.model().name(), spec.threads());
    try {
      line.ask(
          Request.OPEN,
          out -> {
            out.writeUTF(engine.getClass().getName());
            Wire.spec(out, spec);
          },
          in -> true);
    } catch (RuntimeException e) {
      line.close();
      throw e;
    }
    return new ChildSession(spec, line);
  }

  @Override
  public StepResult step(int[] sequences, double learningRate) {
    return begin(sequences, learningRate).get();
  }

  @Override
  public Supplier<StepResult> begin(int[] sequences, double learningRate) {
    long step = ++steps;
    line.ask(
        Request.BEGIN,
        out -> {
          out.writeLong(step);
          Wire.ints(out, sequences, sequences.length);
          out.writeDouble(learningRate);
        },
        in -> true);
    return new Begun(step);
  }

  private final class Begun implements Supplier<StepResult> {
    private final long step;
    private @Nullable StepResult result;

    private Begun(long step) {
      this.step = step;
    }

    @Override
    public StepResult get() {
      if (result == null) {
        result =
            line.ask(
                Request.RESULT,
                out -> out.writeLong(step),
                in -> new StepResult(in.readDouble(), in.readDouble()));
      }
      return result;
    }
  }

  @Override
  public Gradients gradients(int[] sequences) {
    return line.ask(
        Request.GRADIENTS,
        out -> Wire.ints(out, sequences, sequences.length),
        in -> {
          double loss = in.readDouble();
          Map<String, float[]> byTensor = new LinkedHashMap<>();
          for (int n = in.readInt(); n > 0; n--) {
            byTensor.put(in.readUTF(), Wire.floats(in));
          }
          return new Gradients(loss, byTensor);
        });
  }

  @Override
  public LanguageModel model() {
    return new ChildModel.Reader(line, spec.model().context(), spec.vocabulary());
  }

  @Override
  public void save(Path directory) {
    line.ask(
        Request.SAVE, out -> Wire.text(out, directory.toAbsolutePath().toString()), in -> true);
  }

  @Override
  public void load(Path directory) {
    line.ask(
        Request.LOAD, out -> Wire.text(out, directory.toAbsolutePath().toString()), in -> true);
  }

  @Override
  public void close() {
    line.close();
  }
}
