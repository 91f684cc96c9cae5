package dev.mixlaw.train.engine.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mixlaw.api.internal.Hashing;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The weights of a model in Hugging Face's layout: the file {@code model.safetensors} or, if there
 * is none, the files listed in {@code model.safetensors.index.json}.
 */
public final class ModelWeights implements Closeable {
  static final String MODEL = "model.safetensors";
  private static final String INDEX = MODEL + ".index.json";

  private final Map<String, SafeTensors> files = new LinkedHashMap<>();
  private final Map<String, String> fileOfTensor;

  private ModelWeights(Map<String, String> fileOfTensor) {
    this.fileOfTensor = fileOfTensor;
  }

  /**
   * Opens all files and checks their headers and sizes.
   *
   * @throws SafeTensors.Damaged if a file is not a complete file of tensors, or the index is not
   *     valid
   */
  static ModelWeights open(Path directory) throws IOException {
    ModelWeights weights = new ModelWeights(index(directory));
    try {
      for (String file : files(weights.fileOfTensor)) {
        weights.files.put(file, SafeTensors.open(directory.resolve(file)));
      }
      return weights;
    } catch (IOException | RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  /**
   * Returns the SHA-256 digest of the weights: that of the only file, or the digest of the digests
   * of all files with their names.
   */
  public static String digest(Path directory) throws IOException {
    Map<String, String> index = index(directory);
    if (index.isEmpty()) {
      return Hashing.sha256(directory.resolve(MODEL));
    }
    StringBuilder digests = new StringBuilder();
    for (String file : files(index)) {
      digests.append(file).append(' ').append(Hashing.sha256(directory.resolve(file))).append('\n');
    }
    return Hashing.sha256(digests.toString());
  }

  /**
   * Returns {@code count} values of a tensor, starting at index {@code first}.
   *
   * @throws SafeTensors.Damaged if there is no tensor with the given name and shape
   */
  float[] read(String tensor, List<Integer> shape, long first, int count) throws IOException {
    SafeTensors file =
        files.get(fileOfTensor.isEmpty() ? MODEL : fileOfTensor.getOrDefault(tensor, ""));
    if (file == null) {
      throw new SafeTensors.Damaged("tensor " + tensor + " is missing in " + INDEX);
    }
    return file.read(tensor, shape, first, count);
  }

  /** Returns the names of all tensors, sorted. */
  SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>();
    files.values().forEach(file -> names.addAll(file.names()));
    return names;
  }

  private static Iterable<String> files(Map<String, String> index) {
    return index.isEmpty() ? List.of(MODEL) : new TreeSet<>(index.values());
  }

  /** Returns the file of each tensor; empty if all are in {@code model.safetensors}. */
  private static Map<String, String> index(Path directory) throws IOException {
    Map<String, String> index = new LinkedHashMap<>();
    if (Files.exists(directory.resolve(MODEL)) || !Files.exists(directory.resolve(INDEX))) {
      return index;
    }
    try {
      JsonNode files = SafeTensors.JSON.readTree(directory.resolve(INDEX).toFile());
      for (Map.Entry<String, JsonNode> entry : files.path("weight_map").properties()) {
        String file = entry.getValue().asText();
        if (!file.matches("[\\w.-]+\\.safetensors")) {
          throw new SafeTensors.Damaged(
              "%s: tensor %s is in %s; expected the name of a .safetensors file"
                  .formatted(INDEX, entry.getKey(), entry.getValue()));
        }
        index.put(entry.getKey(), file);
      }
    } catch (JsonProcessingException e) {
      throw new SafeTensors.Damaged(INDEX + " is not JSON", e);
    }
    if (index.isEmpty()) {
      throw new SafeTensors.Damaged(INDEX + " lists no tensors; expected \"weight_map\"");
    }
    return index;
  }

  @Override
  public void close() throws IOException {
    for (SafeTensors file : files.values()) {
      file.close();
    }
  }
}
