package dev.mixlaw.train.engine.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.ModelSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A model's shape as the {@code config.json} of Hugging Face's {@code LlamaForCausalLM}. */
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
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(c));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
  }
}
