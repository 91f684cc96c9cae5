package dev.mixlaw.train.run.child;

import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.ModelSession;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.run.child.ChildProtocol.Request;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A model that is opened in a child JVM. */
final class ChildModel implements ModelSession {
  private final ChildConnection connection;
  private final LanguageModel model;

  private ChildModel(ChildConnection connection, LanguageModel model) {
    this.connection = connection;
    this.model = model;
  }

  static ChildModel open(TrainingEngine engine, Path directory, int threads) {
    ChildConnection connection =
        new ChildConnection("engine " + engine.name() + ", model " + directory, threads);
    try {
      return connection.ask(
          Request.OPEN_MODEL,
          out -> {
            out.writeUTF(engine.getClass().getName());
            ChildProtocol.text(out, directory.toAbsolutePath().toString());
            out.writeInt(threads);
          },
          in -> {
            int context = in.readInt();
            int vocabulary = in.readInt();
            boolean writes = in.readBoolean();
            return new ChildModel(
                connection,
                writes
                    ? new Writer(connection, context, vocabulary)
                    : new Reader(connection, context, vocabulary));
          });
    } catch (RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public LanguageModel model() {
    return model;
  }

  @Override
  public void close() {
    connection.close();
  }

  /** A model that computes losses. */
  static class Reader implements LanguageModel {
    private final ChildConnection connection;
    private final int context;
    private final int vocabulary;

    Reader(ChildConnection connection, int context, int vocabulary) {
      this.connection = connection;
      this.context = context;
      this.vocabulary = vocabulary;
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
      float[] answer =
          connection.ask(
              Request.LOSSES,
              out -> {
                ChildProtocol.ints(out, ids, Math.min(ids.length, rows * (length + 1)));
                out.writeInt(rows);
                out.writeInt(length);
                out.writeInt(first);
              },
              ChildProtocol::floats);
      System.arraycopy(answer, 0, nats, 0, answer.length);
    }
  }

  /** A model that also generates text. */
  private static final class Writer extends Reader implements SamplingModel {
    private final ChildConnection connection;

    Writer(ChildConnection connection, int context, int vocabulary) {
      super(connection, context, vocabulary);
      this.connection = connection;
    }

    @Override
    public void write(Supplier<? extends @Nullable Text> texts) {
      Texts given = new Texts(texts);
      try {
        connection.ask(Request.WRITE, out -> {}, given, in -> true);
      } catch (ChildProtocol.Failure e) {
        given.rethrow();
        throw e;
      }
      given.rethrow();
    }
  }

  /** Sends prompts to the child and receives the generated texts. */
  private static final class Texts implements ChildConnection.Talk {
    private final Supplier<? extends SamplingModel.@Nullable Text> next;
    private final Map<Integer, SamplingModel.Text> started = new HashMap<>();
    private int number;
    private @Nullable RuntimeException thrown;

    Texts(Supplier<? extends SamplingModel.@Nullable Text> next) {
      this.next = next;
    }

    @Override
    public void on(int word, DataInputStream in, DataOutputStream out) throws IOException {
      if (word == ChildProtocol.NEXT) {
        give(out);
      } else if (word == ChildProtocol.WRITTEN) {
        SamplingModel.Text text = started.remove(in.readInt());
        int[] ids = ChildProtocol.ints(in);
        if (thrown == null) {
          try {
            text.written(ids);
          } catch (RuntimeException e) {
            thrown = e; // sent to the child at its next request
          }
        }
      } else {
        throw new IOException("unexpected message " + word);
      }
    }

    private void give(DataOutputStream out) throws IOException {
      SamplingModel.Text text = null;
      try {
        text = thrown == null ? next.get() : null;
      } catch (RuntimeException e) {
        thrown = e;
      }
      if (thrown != null) {
        out.writeByte(ChildProtocol.STOP);
      } else if (text == null) {
        out.writeByte(ChildProtocol.NONE);
      } else {
        started.put(number, text);
        out.writeByte(ChildProtocol.TEXT);
        out.writeInt(number++);
        ChildProtocol.ints(out, text.prompt(), text.prompt().length);
        ChildProtocol.sampling(out, text.settings());
      }
    }

    /** Rethrows the exception that the caller's own code threw, if any. */
    void rethrow() {
      if (thrown != null) {
        throw thrown;
      }
    }
  }
}
