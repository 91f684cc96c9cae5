package dev.mixlaw.train.run.internal.child;

import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.run.internal.child.Wire.Request;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** This JVM's end of a session in another. */
final class ChildSession implements TrainingSession {
  private final String name;
  private final SessionSpec spec;
  private final ChildJvm jvm;
  private @Nullable ChildDied dead;
  private boolean closed;
  private long steps;

  private ChildSession(String engine, SessionSpec spec, ChildJvm jvm) {
    this.name = "engine " + engine + ", model " + spec.model().name();
    this.spec = spec;
    this.jvm = jvm;
  }

  static ChildSession open(TrainingEngine engine, SessionSpec spec) {
    ChildSession session =
        new ChildSession(engine.name(), spec, ChildJvm.start(ChildMain.class, spec.threads()));
    try {
      session.ask(
          Request.OPEN,
          out -> {
            out.writeUTF(engine.getClass().getName());
            Wire.spec(out, spec);
          },
          in -> true);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
    return session;
  }

  @FunctionalInterface
  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  @FunctionalInterface
  private interface Reading<T> {
    T from(DataInputStream in) throws IOException;
  }

  private <T> T ask(Request request, Writing arguments, Reading<T> answer) {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    if (dead != null) {
      throw dead;
    }
    try {
      jvm.out().writeByte(request.ordinal());
      arguments.to(jvm.out());
      jvm.out().flush();
      int status = jvm.in().readInt();
      if (status == Wire.DONE) {
        return answer.from(jvm.in());
      }
      if (status == Wire.FAILED) {
        throw Wire.failure(jvm.in());
      }
    } catch (IOException e) {
      // Told by the way it ended.
    }
    dead = jvm.death(name);
    throw dead;
  }

  @Override
  public StepResult step(int[] sequences, double learningRate) {
    return begin(sequences, learningRate).get();
  }

  @Override
  public Supplier<StepResult> begin(int[] sequences, double learningRate) {
    long step = ++steps;
    ask(
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
            ask(
                Request.RESULT,
                out -> out.writeLong(step),
                in -> new StepResult(in.readDouble(), in.readDouble()));
      }
      return result;
    }
  }

  @Override
  public Gradients gradients(int[] sequences) {
    return ask(
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
    return new LanguageModel() {
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
        float[] answer =
            ask(
                Request.LOSSES,
                out -> {
                  Wire.ints(out, ids, Math.min(ids.length, rows * (length + 1)));
                  out.writeInt(rows);
                  out.writeInt(length);
                },
                Wire::floats);
        System.arraycopy(answer, 0, nats, 0, answer.length);
      }
    };
  }

  @Override
  public void save(Path directory) {
    ask(Request.SAVE, out -> Wire.text(out, directory.toAbsolutePath().toString()), in -> true);
  }

  @Override
  public void load(Path directory) {
    ask(Request.LOAD, out -> Wire.text(out, directory.toAbsolutePath().toString()), in -> true);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      jvm.close();
    }
  }
}
