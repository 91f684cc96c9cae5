package dev.mixlaw.train.engine.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.io.DurableFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * Reads and writes a model's shape as the {@code config.json} of a Hugging Face Llama model, or of
 * a Qwen 3 model if it has QK-norm.
 */
final class LlamaConfig {
  private static final String FIX = "open a model of the Llama or Qwen 3 architecture";
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * The model type whose QK-norm normalizes each head separately. OLMo 2 normalizes all heads
   * together.
   */
  private static final String QWEN_3 = "qwen3";

  /** The head size of a Qwen 3 model whose configuration does not state it. */
  private static final int QWEN_3_HEAD_SIZE = 128;

  private static final int LONGEST = 1 << 20;

  /** Maximum vocabulary size. The largest published vocabularies have about 260,000 tokens. */
  private static final int MAX_VOCABULARY = 1 << 24;

  private LlamaConfig() {}

  /** Writes a new file and forces it to disk. */
  static void write(Path file, ModelSpec model, int vocabulary) throws IOException {
    DurableFile.writeInPlace(file, JSON.writeValueAsBytes(json(model, vocabulary)));
  }

  static ObjectNode json(ModelSpec model, int vocabulary) {
    ObjectNode c = JSON.createObjectNode();
    c.putArray("architectures").add(model.qkNorm() ? "Qwen3ForCausalLM" : "LlamaForCausalLM");
    c.put("model_type", model.qkNorm() ? QWEN_3 : "llama");
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
    return c;
  }

  /**
   * Reads the shape of a model.
   *
   * @param problems receives a problem for each setting that the decoder does not support
   * @throws IOException if the file is missing or is not JSON
   */
  static Checkpoint read(Path file, List<Problem> problems) throws IOException {
    JsonNode c = json(file);
    Reader in = new Reader(file, c, problems);
    JsonNode rope = c.path("rope_parameters"); // since version 5 of the library
    int width = in.number("hidden_size");
    int heads = in.number("num_attention_heads");
    boolean qwen = c.path("model_type").asText().equals(QWEN_3);
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
            in.flag("tie_word_embeddings"),
            in.decimal(rope.has("rope_theta") ? rope : c, "rope_theta", 10_000),
            in.decimal(c, "rms_norm_eps", 1e-6),
            qwen);
    int vocabulary = in.number("vocab_size");
    if (vocabulary > MAX_VOCABULARY) {
      in.report("vocab_size", c.path("vocab_size"), "at most " + MAX_VOCABULARY);
    }
    if (!qwen) {
      in.only("model_type", "llama", "llama or " + QWEN_3);
    }
    in.only("use_sliding_window", "false");
    in.only("hidden_act", "silu");
    in.only("attention_bias", "false");
    in.only("mlp_bias", "false");
    in.only("rope_scaling", "null");
    if (!rope.path("rope_type").asText("default").equals("default")) {
      in.report("rope_parameters", rope, "rope_type default");
    }
    if (problems.isEmpty()) {
      String headSize = Integer.toString(width / heads);
      String expected = headSize + ", which is hidden_size / num_attention_heads";
      if (qwen && !c.has("head_dim") && width / heads != QWEN_3_HEAD_SIZE) {
        in.report("head_dim", c.path("head_dim"), expected);
      }
      in.only("head_dim", headSize, expected);
      for (Problem p : model.problems()) {
        problems.add(new Problem(file + ": " + p.subject(), p.actual(), p.expected(), FIX));
      }
    }
    return new Checkpoint(model, vocabulary);
  }

  private static JsonNode json(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return JSON.readTree(in.readNBytes(LONGEST));
    } catch (JsonProcessingException e) {
      throw new IOException(file + " is not JSON: " + e.getOriginalMessage(), e);
    } catch (NumberFormatException e) { // Jackson throws this for a number with a huge exponent
      throw new IOException(file + " is not JSON: " + e.getMessage(), e);
    }
  }

  private record Reader(Path file, JsonNode config, List<Problem> problems) {
    int number(String name) {
      JsonNode value = config.path(name);
      if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < 1) {
        report(name, value, "a positive number");
      }
      return value.asInt(1);
    }

    double decimal(JsonNode of, String name, double byDefault) {
      JsonNode value = of.path(name);
      if (!value.isMissingNode() && !value.isNumber()) {
        report(name, value, "a number");
      }
      return value.asDouble(byDefault);
    }

    boolean flag(String name) {
      JsonNode value = config.path(name);
      if (!value.isMissingNode() && !value.isBoolean()) {
        report(name, value, "true or false");
      }
      return value.asBoolean(false);
    }

    /** Adds a problem if a setting is present and differs from the only supported value. */
    void only(String name, String allowed) {
      only(name, allowed, allowed);
    }

    void only(String name, String allowed, String expected) {
      JsonNode value = config.path(name);
      if (!value.isMissingNode() && !value.isNull() && !value.asText().equals(allowed)) {
        report(name, value, expected);
      }
    }

    private static String shortened(String value) {
      return value.length() > 80 ? value.substring(0, 80) + "…" : value;
    }

    private void report(String name, JsonNode value, String allowed) {
      problems.add(
          new Problem(
              file + ": " + name,
              value.isMissingNode() ? "missing" : shortened(value.toString()),
              allowed,
              FIX));
    }
  }
}
