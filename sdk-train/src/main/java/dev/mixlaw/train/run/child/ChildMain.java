package dev.mixlaw.train.run.child;

import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.ModelSession;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.run.child.ChildProtocol.Request;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Main class of a child JVM: serves one session or model until its input ends. */
final class ChildMain {
  private final DataInputStream in;
  private final DataOutputStream out;
  private @Nullable TrainingSession session;
  private @Nullable ModelSession opened;

  /** Steps whose results have not been requested yet, by step number. */
  private final Map<Long, Supplier<TrainingSession.StepResult>> pending = new HashMap<>();

  private ChildMain(DataInputStream in, DataOutputStream out) {
    this.in = in;
    this.out = out;
  }

  public static void main(String[] args) throws IOException {
    // The pipe is reserved for responses, so all other output goes elsewhere.
    System.setOut(
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
    // If the host dies during a long step, nobody reads the response.
    ProcessHandle.current()
        .parent()
        .ifPresent(host -> host.onExit().thenRun(() -> Runtime.getRuntime().halt(1)));
    ChildMain child =
        new ChildMain(
            new DataInputStream(
                new BufferedInputStream(new FileInputStream(FileDescriptor.in), 1 << 16)),
            new DataOutputStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16)));
    child.serve();
    Runtime.getRuntime().halt(0); // threads of native libraries end with it
  }

  private void serve() throws IOException {
    Request[] requests = Request.values();
    while (true) {
      int request = in.read();
      if (request < 0) {
        return;
      }
      // The response is complete before it is sent, so a failure never follows half a response.
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      try (DataOutputStream to = new DataOutputStream(answer)) {
        to.writeInt(ChildProtocol.DONE);
        answer(requests[request], to);
      } catch (EOFException e) {
        return; // the host died while it sent a request
      } catch (Exception | OutOfMemoryError | LinkageError e) {
        answer.reset();
        try (DataOutputStream to = new DataOutputStream(answer)) {
          to.writeInt(ChildProtocol.FAILED);
          ChildProtocol.failure(to, e);
        }
      }
      answer.writeTo(out);
      out.flush();
    }
  }

  private void answer(Request request, DataOutputStream to)
      throws IOException, ReflectiveOperationException {
    switch (request) {
      case OPEN -> {
        String type = in.readUTF();
        SessionSpec spec = ChildProtocol.spec(in);
        session = engine(type).open(spec);
      }
      case BEGIN -> {
        long step = in.readLong();
        int[] sequences = ChildProtocol.ints(in);
        pending.put(step, session().begin(sequences, in.readDouble()));
      }
      case RESULT -> {
        TrainingSession.StepResult result =
            Objects.requireNonNull(pending.remove(in.readLong()), "no such step").get();
        to.writeDouble(result.loss());
        to.writeDouble(result.gradientNorm());
      }
      case LOSSES -> {
        int[] ids = ChildProtocol.ints(in);
        int rows = in.readInt();
        int length = in.readInt();
        int first = in.readInt();
        float[] nats = new float[rows * (length - first)];
        model().losses(ids, rows, length, first, nats);
        ChildProtocol.floats(to, nats);
      }
      case GRADIENTS -> {
        TrainingSession.Gradients gradients = session().gradients(ChildProtocol.ints(in));
        to.writeDouble(gradients.loss());
        to.writeInt(gradients.byTensor().size());
        for (Map.Entry<String, float[]> e : gradients.byTensor().entrySet()) {
          to.writeUTF(e.getKey());
          ChildProtocol.floats(to, e.getValue());
        }
      }
      case OPEN_MODEL -> {
        String type = in.readUTF();
        Path directory = Path.of(ChildProtocol.text(in));
        opened = engine(type).openModel(directory, in.readInt());
        to.writeInt(opened.model().context());
        to.writeInt(opened.model().vocabulary());
        to.writeBoolean(opened.model() instanceof SamplingModel);
      }
      case WRITE -> ((SamplingModel) model()).write(this::next);
      case SAVE -> session().save(Path.of(ChildProtocol.text(in)));
      case LOAD -> {
        pending.clear(); // nobody requests their results after a load
        session().load(Path.of(ChildProtocol.text(in)));
      }
    }
  }

  private static TrainingEngine engine(String type) throws ReflectiveOperationException {
    return (TrainingEngine) Class.forName(type).getDeclaredConstructor().newInstance();
  }

  private LanguageModel model() {
    return opened == null ? session().model() : opened.model();
  }

  /** Requests the next text to generate from the parent. */
  private SamplingModel.@Nullable Text next() {
    try {
      out.writeInt(ChildProtocol.NEXT);
      out.flush();
      return switch (in.readByte()) {
        case ChildProtocol.TEXT -> {
          int number = in.readInt();
          int[] prompt = ChildProtocol.ints(in);
          yield SamplingModel.Text.of(
              prompt, ChildProtocol.sampling(in), ids -> written(number, ids));
        }
        case ChildProtocol.NONE -> null;
        default -> throw new CancellationException("the parent stopped the generation");
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void written(int number, int[] ids) {
    try {
      out.writeInt(ChildProtocol.WRITTEN);
      out.writeInt(number);
      ChildProtocol.ints(out, ids, ids.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TrainingSession session() {
    if (session == null) {
      throw new IllegalStateException("no session is open");
    }
    return session;
  }
}
