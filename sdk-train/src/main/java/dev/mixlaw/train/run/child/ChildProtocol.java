package dev.mixlaw.train.run.child;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.Schedule;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.units.Tokens;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Encodes requests and responses between this JVM and a child JVM. Both run the same version. */
final class ChildProtocol {
  /** Requests, sent by ordinal. A response starts with {@link #DONE} or {@link #FAILED}. */
  enum Request {
    OPEN,
    BEGIN,
    RESULT,
    LOSSES,
    GRADIENTS,
    SAVE,
    LOAD,
    OPEN_MODEL,
    WRITE
  }

  /** A value that is unlikely to occur in the output of a native library. */
  static final int DONE = 0x6d6c6177;

  static final int FAILED = 0x6d6c4561;

  /**
   * Sent by a child that generates text, to request a prompt. The reply is {@link #NONE}, {@link
   * #TEXT} or {@link #STOP}.
   */
  static final int NEXT = 0x6d6c4e65;

  /** Sent by a child with a generated text. */
  static final int WRITTEN = 0x6d6c5772;

  static final int NONE = 0;
  static final int TEXT = 1;
  static final int STOP = 2;

  /**
   * A failure in the child other than a {@link MixlawException}. Its message is that of the
   * original exception.
   */
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String original;

    Failure(String original, @Nullable IOException cause) {
      super(original, cause);
      this.original = original;
    }

    @Override
    public String toString() {
      return original;
    }
  }

  private ChildProtocol() {}

  static void spec(DataOutputStream out, SessionSpec spec) throws IOException {
    ModelSpec model = spec.model();
    out.writeUTF(model.name());
    out.writeInt(model.width());
    out.writeInt(model.layers());
    out.writeInt(model.heads());
    out.writeInt(model.keyValueHeads());
    out.writeInt(model.feedForward());
    out.writeInt(model.context());
    out.writeInt(model.vocabulary().orElse(0));
    out.writeBoolean(model.tiedHead());
    out.writeDouble(model.ropeTheta());
    out.writeDouble(model.normEpsilon());
    out.writeInt(spec.vocabulary());
    out.writeInt(spec.batchSequences());
    recipe(out, spec.recipe());
    out.writeLong(spec.seed());
    out.writeInt(spec.threads());
    out.writeLong(spec.memoryBytes());
  }

  private static void recipe(DataOutputStream out, Recipe recipe) throws IOException {
    Schedule schedule = recipe.schedule();
    out.writeBoolean(schedule.floor().isPresent());
    out.writeLong(schedule.warmup());
    out.writeDouble(schedule.decay().orElseGet(() -> schedule.floor().orElseThrow()));
    out.writeDouble(recipe.learningRate().orElse(Double.NaN));
    out.writeDouble(recipe.learningRateFactor());
    out.writeLong(recipe.batch().map(Tokens::count).orElse(0L));
    out.writeDouble(recipe.weightDecay());
    out.writeDouble(recipe.beta1());
    out.writeDouble(recipe.beta2());
    out.writeDouble(recipe.epsilon());
    out.writeDouble(recipe.clipNorm());
  }

  static SessionSpec spec(DataInputStream in) throws IOException {
    return new SessionSpec(
        model(in),
        in.readInt(),
        in.readInt(),
        recipe(in),
        in.readLong(),
        in.readInt(),
        in.readLong());
  }

  private static ModelSpec model(DataInputStream in) throws IOException {
    return new ModelSpec(
        in.readUTF(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        optional(in.readInt()),
        in.readBoolean(),
        in.readDouble(),
        in.readDouble());
  }

  private static OptionalInt optional(int value) {
    return value == 0 ? OptionalInt.empty() : OptionalInt.of(value);
  }

  private static Recipe recipe(DataInputStream in) throws IOException {
    boolean cosine = in.readBoolean();
    long warmup = in.readLong();
    double second = in.readDouble();
    double rate = in.readDouble();
    double factor = in.readDouble();
    long batch = in.readLong();
    return new Recipe(
        cosine ? Schedule.cosine(warmup, second) : Schedule.warmupStableDecay(warmup, second),
        Double.isNaN(rate) ? OptionalDouble.empty() : OptionalDouble.of(rate),
        factor,
        batch == 0 ? Optional.empty() : Optional.of(new Tokens(batch)),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble());
  }

  static void sampling(DataOutputStream out, SamplingModel.Sampling how) throws IOException {
    out.writeInt(how.maxTokens());
    out.writeDouble(how.temperature());
    out.writeDouble(how.topP());
    out.writeLong(how.seed());
    out.writeInt(how.endOfText());
  }

  static SamplingModel.Sampling sampling(DataInputStream in) throws IOException {
    return new SamplingModel.Sampling(
        in.readInt(), in.readDouble(), in.readDouble(), in.readLong(), in.readInt());
  }

  static void ints(DataOutputStream out, int[] values, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * count);
    bytes.asIntBuffer().put(values, 0, count);
    out.writeInt(count);
    out.write(bytes.array());
  }

  static int[] ints(DataInputStream in) throws IOException {
    int[] values = new int[in.readInt()];
    ByteBuffer.wrap(in.readNBytes(4 * values.length)).asIntBuffer().get(values);
    return values;
  }

  static void floats(DataOutputStream out, float[] values) throws IOException {
    out.writeInt(values.length);
    ByteBuffer bytes = ByteBuffer.allocate(4 * Math.min(values.length, 1 << 20));
    for (int at = 0; at < values.length; at += 1 << 20) {
      int n = Math.min(values.length - at, 1 << 20);
      bytes.asFloatBuffer().put(values, at, n);
      out.write(bytes.array(), 0, 4 * n);
    }
  }

  static float[] floats(DataInputStream in) throws IOException {
    float[] values = new float[in.readInt()];
    byte[] bytes = new byte[4 * Math.min(values.length, 1 << 20)];
    for (int at = 0; at < values.length; at += 1 << 20) {
      int n = Math.min(values.length - at, 1 << 20);
      in.readFully(bytes, 0, 4 * n);
      ByteBuffer.wrap(bytes).asFloatBuffer().get(values, at, n);
    }
    return values;
  }

  static void failure(DataOutputStream out, Throwable failure) throws IOException {
    boolean ours = failure instanceof MixlawException;
    List<Problem> problems = ours ? ((MixlawException) failure).problems() : List.of();
    out.writeUTF(ours ? ((MixlawException) failure).kind().name() : "");
    text(out, failure.toString());
    text(out, file(failure));
    out.writeInt(problems.size());
    for (Problem problem : problems) {
      text(out, problem.subject());
      text(out, problem.actual());
      text(out, problem.expected());
      text(out, problem.fix());
    }
  }

  /**
   * Returns the message of the file error that caused a failure, or empty if no file error caused
   * it. File errors are distinguished because they may end the study.
   */
  private static String file(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof IOException || t instanceof UncheckedIOException) {
        return String.valueOf(t.getMessage());
      }
    }
    return "";
  }

  static RuntimeException failure(DataInputStream in) throws IOException {
    String kind = in.readUTF();
    String original = text(in);
    String file = text(in);
    IOException cause = file.isEmpty() ? null : new IOException(file);
    List<Problem> problems = new ArrayList<>();
    for (int n = in.readInt(); n > 0; n--) {
      problems.add(new Problem(text(in), text(in), text(in), text(in)));
    }
    return kind.isEmpty()
        ? new Failure(original, cause)
        : new MixlawException(MixlawException.Kind.valueOf(kind), problems, cause);
  }

  /** Writes a text of any length, unlike {@link DataOutputStream#writeUTF}. */
  static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }
}
