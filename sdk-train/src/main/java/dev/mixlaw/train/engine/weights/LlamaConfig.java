package dev.mixlaw.train.engine.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.io.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * Reads and writes a model's shape as the {@code config.json} of Hugging Face's {@code
 * LlamaForCausalLM}.
 */
final class LlamaConfig {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private LlamaConfig() {}

  /** Writes a new file and forces it to disk. */
  static void write(Path file, ModelSpec model, int vocabulary) throws IOException {
    ObjectNode c = JSON.createObjectNode();
    c.putArray("architectures").add("LlamaForCausalLM");
    c.put("model_type", "llama");
    c.put("hidden_size", model.width());
    c.put("intermediate_size", model.feedForward());
    c.put("num_hidden_layers", model.layers());
    c.put("num_attention_heads", model.heads());
    c.put("num_key_value_heads", model.keyValueHeads());
    c.put("head_dim", model.headSize());
    c.put("vocab_size", vocabulary);
    c.put("max_position_embeddings", model.context());
    c.put("rms_norm_eps", model.normEpsilon());
    c.put("rope_theta", model.ropeTheta());
    c.put("hidden_act", "silu");
    c.put("attention_bias", false);
    c.put("mlp_bias", false);
    c.put("tie_word_embeddings", model.tiedHead());
    c.put("torch_dtype", "float32");
    DurableFile.writeInPlace(file, JSON.writeValueAsBytes(c));
  }

  /**
   * Reads a shape.
   *
   * @param problems receives what the decoder does not support
   * @throws IOException if the file is missing or not JSON
   */
  static Checkpoint read(Path file, List<Problem> problems) throws IOException {
    JsonNode c = JSON.readTree(Files.readAllBytes(file));
    Reader in = new Reader(file, c, problems);
    int width = in.number("hidden_size");
    int heads = in.number("num_attention_heads");
    ModelSpec model =
        new ModelSpec(
            String.valueOf(file.toAbsolutePath().getParent().getFileName()),
            width,
            in.number("num_hidden_layers"),
            heads,
            c.has("num_key_value_heads") ? in.number("num_key_value_heads") : heads,
            in.number("intermediate_size"),
            in.number("max_position_embeddings"),
            OptionalInt.empty(),
            c.path("tie_word_embeddings").asBoolean(false),
            c.path("rope_theta").asDouble(10_000),
            c.path("rms_norm_eps").asDouble(1e-6));
    int vocabulary = in.number("vocab_size");
    in.only("model_type", "llama");
    in.only("hidden_act", "silu");
    in.only("attention_bias", "false");
    in.only("mlp_bias", "false");
    in.only("rope_scaling", "null");
    if (problems.isEmpty()) {
      in.only("head_dim", Integer.toString(width / heads));
    }
    return new Checkpoint(model, vocabulary);
  }

  private record Reader(Path file, JsonNode config, List<Problem> problems) {
    int number(String name) {
      JsonNode value = config.path(name);
      if (!value.canConvertToInt() || value.asInt() < 1) {
        report(name, value, "a positive number");
      }
      return value.asInt(1);
    }

    /** Reports any other value; a missing value means Llama's default. */
    void only(String name, String allowed) {
      JsonNode value = config.path(name);
      if (!value.isMissingNode() && !value.asText().equals(allowed)) {
        report(name, value, allowed);
      }
    }

    private void report(String name, JsonNode value, String allowed) {
      problems.add(
          new Problem(
              file + ": " + name,
              value.isMissingNode() ? "missing" : value.toString(),
              allowed,
              "open a model of the Llama architecture"));
    }
  }
}
