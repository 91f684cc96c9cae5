package dev.mixlaw.train.engine.weights;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.Hashing;
import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.train.engine.weights.WeightLayout.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The files of a checkpoint. {@code model.safetensors} and {@code config.json} are in Hugging
 * Face's format. {@code trainer.safetensors} holds AdamW's moments and the number of steps. {@code
 * SHA256SUMS} lists the digests of these files for {@code sha256sum -c}.
 */
public record Checkpoint(ModelSpec model, int vocabulary) {
  private static final String MODEL = ModelWeights.MODEL;
  private static final String CONFIG = "config.json";
  private static final String TRAINER = "trainer.safetensors";
  private static final String SUMS = "SHA256SUMS";

  /**
   * The state to save. Row-major values are requested one tensor at a time, or in {@link
   * Tensor#parts parts} if the tensor is large.
   *
   * @param means AdamW's first moments
   * @param squares AdamW's second moments
   */
  public record State(
      long steps,
      Function<Tensor, float[]> weights,
      Function<Tensor, float[]> means,
      Function<Tensor, float[]> squares) {}

  /**
   * Writes a checkpoint and forces all files to disk. The caller must force the directory to disk.
   *
   * @throws MixlawException if a file cannot be written, for example because the disk is full
   */
  public void save(Path directory, State state) {
    List<SafeTensors.Entry> weights = new ArrayList<>();
    List<SafeTensors.Entry> moments = new ArrayList<>();
    for (Tensor t : layout().tensors()) {
      weights.add(entry(t.name(), t, state.weights()));
      moments.add(entry("mean." + t.name(), t, state.means()));
      moments.add(entry("square." + t.name(), t, state.squares()));
    }
    try {
      SafeTensors.write(directory.resolve(MODEL), weights, Map.of("format", "pt"));
      LlamaConfig.write(directory.resolve(CONFIG), model, vocabulary);
      SafeTensors.write(
          directory.resolve(TRAINER),
          moments,
          Map.of("fingerprint", fingerprint(), "steps", Long.toString(state.steps())));
      StringBuilder sums = new StringBuilder();
      for (String file : List.of(MODEL, CONFIG, TRAINER)) {
        sums.append(Hashing.sha256(directory.resolve(file))).append("  ").append(file).append('\n');
      }
      DurableFile.writeInPlace(
          directory.resolve(SUMS), sums.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw MixlawException.storage(
          "checkpoint " + directory + " cannot be written",
          String.valueOf(e.getMessage()),
          "a writable directory with space for " + 3 * layout().size() * Float.BYTES + " bytes",
          "check the lab's directory",
          e);
    }
  }

  private static SafeTensors.Entry entry(String name, Tensor t, Function<Tensor, float[]> values) {
    return new SafeTensors.Entry(name, t.shape(), t.parts().stream().map(values));
  }

  /**
   * Reads a checkpoint and returns its number of steps. Checks all files before passing on any
   * values. Large tensors are passed on in {@link Tensor#parts parts}.
   *
   * @throws MixlawException if the checkpoint is truncated or damaged, or belongs to another model
   */
  public long load(
      Path directory,
      BiConsumer<Tensor, float[]> weights,
      BiConsumer<Tensor, float[]> means,
      BiConsumer<Tensor, float[]> squares) {
    try {
      check(directory);
      try (SafeTensors trained = SafeTensors.open(directory.resolve(MODEL));
          SafeTensors trainer = SafeTensors.open(directory.resolve(TRAINER))) {
        String found = trainer.metadata().getOrDefault("fingerprint", "none");
        if (!found.equals(fingerprint())) {
          throw problem(directory, "belongs to another model", found, fingerprint(), null);
        }
        for (Tensor t : layout().tensors()) {
          read(trained::read, t.name(), t, weights);
          read(trainer::read, "mean." + t.name(), t, means);
          read(trainer::read, "square." + t.name(), t, squares);
        }
        return Long.parseLong(trainer.metadata().getOrDefault("steps", ""));
      }
    } catch (SafeTensors.Damaged | NumberFormatException e) {
      throw problem(
          directory,
          "is damaged",
          String.valueOf(e.getMessage()),
          "the files as they were saved",
          e);
    } catch (NoSuchFileException e) {
      throw problem(
          directory,
          "is incomplete",
          e.getFile() + " is missing",
          "all files of the checkpoint",
          e);
    } catch (IOException e) {
      throw problem(
          directory, "cannot be read", String.valueOf(e.getMessage()), "readable files", e);
    }
  }

  /**
   * Reads the {@code config.json} of a Llama or Qwen 3 model in Hugging Face's format, and checks
   * that the weights have the specified shapes. The model gets the name of its directory.
   *
   * @throws MixlawException if a file is missing, the model has another architecture, or its
   *     weights have other shapes or include tensors that this architecture does not have; the
   *     exception contains all problems
   */
  public static Checkpoint of(Path directory) {
    List<Problem> problems = new ArrayList<>();
    List<Tensor> tensors = List.of();
    Checkpoint found = null;
    try {
      found = LlamaConfig.read(directory.resolve(CONFIG), problems);
      tensors = problems.isEmpty() ? found.layout().tensors() : tensors;
    } catch (IOException e) {
      problems.addAll(unreadable(directory, e).problems());
    }
    try (ModelWeights weights = ModelWeights.open(directory)) {
      for (Tensor t : tensors) {
        weights.read(t.name(), t.shape(), 0, 0);
      }
      if (found != null && problems.isEmpty()) {
        addUnused(directory, found, weights.names(), problems);
      }
    } catch (IOException e) {
      problems.addAll(unreadable(directory, e).problems());
    }
    if (found == null || !problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.STORAGE, problems, null);
    }
    return found;
  }

  /** Adds a problem if there are weights that the model of the configuration does not use. */
  private static void addUnused(
      Path directory, Checkpoint found, SortedSet<String> names, List<Problem> problems) {
    found.layout().tensors().forEach(tensor -> names.remove(tensor.name()));
    names.removeIf(name -> name.endsWith("rotary_emb.inv_freq")); // a constant
    if (found.model().tiedHead()) {
      names.remove("lm_head.weight"); // a copy of the embedding
    }
    if (!names.isEmpty()) {
      problems.add(
          new Problem(
              "model " + directory,
              "%d tensors that %s does not describe, such as %s"
                  .formatted(names.size(), CONFIG, names.first()),
              "only tensors of the architecture in " + CONFIG,
              "open a directory whose %s belongs to its weights".formatted(CONFIG)));
    }
  }

  /**
   * Reads the weights of a checkpoint, of the final model of a run, or of a model from another
   * source.
   *
   * @throws MixlawException if the weights are truncated, belong to another model, or include a
   *     value that is not finite
   */
  public void loadModel(Path directory, BiConsumer<Tensor, float[]> weights) {
    try (ModelWeights trained = ModelWeights.open(directory)) {
      for (Tensor t : layout().tensors()) {
        read(
            trained::read,
            t.name(),
            t,
            (part, values) -> {
              checkFinite(directory, part, values);
              weights.accept(part, values);
            });
      }
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
  }

  private static void checkFinite(Path directory, Tensor tensor, float[] values) {
    float sum = 0;
    for (float value : values) {
      sum += value * 0; // 0, or NaN if the value is not finite
    }
    if (Float.isNaN(sum)) {
      throw unreadable(
          directory,
          new SafeTensors.Damaged("tensor " + tensor.name() + " has NaN or infinite values"));
    }
  }

  /** Reads values of a tensor; see {@link SafeTensors#read}. */
  private interface Values {
    float[] read(String name, List<Integer> shape, long first, int count) throws IOException;
  }

  private static void read(Values from, String name, Tensor tensor, BiConsumer<Tensor, float[]> to)
      throws IOException {
    for (Tensor part : tensor.parts()) {
      long first = part.offset() - tensor.offset();
      to.accept(part, from.read(name, tensor.shape(), first, (int) part.length()));
    }
  }

  private static MixlawException unreadable(Path directory, IOException e) {
    boolean missing = e instanceof NoSuchFileException;
    return MixlawException.storage(
        "model " + directory + (missing ? " is incomplete" : " cannot be read"),
        missing ? e.getMessage() + " is missing" : String.valueOf(e.getMessage()),
        MODEL + " and " + CONFIG + " in Hugging Face's Llama layout",
        "open another directory",
        e);
  }

  private void check(Path directory) throws IOException {
    List<String> lines =
        Files.readString(directory.resolve(SUMS), StandardCharsets.ISO_8859_1).lines().toList();
    for (String file : List.of(MODEL, CONFIG, TRAINER)) {
      String sum = Hashing.sha256(directory.resolve(file));
      if (!lines.contains(sum + "  " + file)) {
        throw new SafeTensors.Damaged(
            "%s of %s bytes has a checksum that is not in %s"
                .formatted(file, Files.size(directory.resolve(file)), SUMS));
      }
    }
  }

  private WeightLayout layout() {
    return WeightLayout.of(model, vocabulary);
  }

  private String fingerprint() {
    return LlamaConfig.json(model, vocabulary).toString();
  }

  private static MixlawException problem(
      Path directory, String how, String actual, String allowed, @Nullable Throwable cause) {
    return MixlawException.storage(
        "checkpoint " + directory + " " + how,
        actual,
        allowed,
        "delete the checkpoint; training will then resume from the previous one",
        cause);
  }
}
