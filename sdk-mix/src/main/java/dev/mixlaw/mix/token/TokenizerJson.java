package dev.mixlaw.mix.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.Reasons;
import dev.mixlaw.api.internal.io.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes Hugging Face's {@code tokenizer.json} for byte-level byte-pair encodings, and
 * reads the parts that all kinds of tokenizers share.
 */
final class TokenizerJson {
  static final ObjectMapper JSON = new ObjectMapper();

  /** Names of tokens that end a document or a sequence, in the order of preference. */
  private static final List<String> END_OF_TEXT =
      List.of(
          BytePairTrainer.END_OF_TEXT,
          "<|end_of_text|>",
          "<|end▁of▁sentence|>",
          "</s>",
          "<eos>",
          "<|eos|>",
          "[EOS]",
          "<|im_end|>",
          "<|eot_id|>",
          "[SEP]");

  private TokenizerJson() {}

  static JsonNode read(Path file) {
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      if (!root.path("model").isObject()) {
        throw unreadable(file, "there is no tokenizer model in it", null);
      }
      return root;
    } catch (JsonProcessingException e) {
      throw unreadable(file, "not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw unreadable(file, "cannot be read: " + Reasons.of(e), e);
    }
  }

  static MixlawException unreadable(Path file, String reason, @Nullable Throwable cause) {
    return new MixlawException(
        MixlawException.Kind.DATA,
        new Problem(
            "tokenizer " + file,
            reason,
            "a Hugging Face tokenizer.json",
            "change TokenizerSpec.huggingFace"),
        cause);
  }

  /** Returns the ids of special tokens by their text, in the order of the file. */
  static Map<String, Integer> specialTokens(JsonNode root) {
    Map<String, Integer> specials = new LinkedHashMap<>();
    for (JsonNode token : root.path("added_tokens")) {
      if (token.path("special").asBoolean()) {
        specials.put(token.path("content").asText(), token.path("id").asInt(-1));
      }
    }
    return specials;
  }

  /**
   * Returns the id of the token that ends a document.
   *
   * @throws MixlawException (data) if the file has no such token
   */
  static int endOfText(JsonNode root, Path file) {
    Map<String, Integer> specials = specialTokens(root);
    for (String name : END_OF_TEXT) {
      Integer id = specials.get(name);
      if (id != null) {
        return id;
      }
    }
    if (specials.size() == 1) {
      return specials.values().iterator().next();
    }
    throw new MixlawException(
        MixlawException.Kind.DATA,
        new Problem(
            "tokenizer " + file + ": token that ends a document",
            specials.isEmpty() ? "no special tokens" : "special tokens " + specials.keySet(),
            "one special token, or one of " + END_OF_TEXT,
            "change added_tokens in the file"));
  }

  static BytePairTokenizer readBytePair(Path file) {
    return bytePair(read(file), file)
        .orElseThrow(() -> unreadable(file, "not a byte-level BPE as in GPT-2", null));
  }

  /**
   * Returns the tokenizer of a file; empty if {@link BytePairTokenizer} does not support its kind.
   */
  static Optional<BytePairTokenizer> bytePair(JsonNode root, Path file) {
    JsonNode model = root.path("model");
    if (!plainBytePair(root, model)) {
      return Optional.empty();
    }
    int endOfText = endOfText(root, file);
    Map<String, Integer> specials = specialTokens(root);
    Map<String, Integer> ids = new HashMap<>();
    int last = specials.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    for (Iterator<Map.Entry<String, JsonNode>> it = model.path("vocab").fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> entry = it.next();
      int id = entry.getValue().asInt(-1);
      if (id < 0 || id > 1 << 24) {
        throw unreadable(file, "token \"" + entry.getKey() + "\" has id " + id, null);
      }
      ids.put(entry.getKey(), id);
      last = Math.max(last, id);
    }
    try {
      byte[][] tokens = new byte[last + 1][];
      Arrays.fill(tokens, new byte[0]);
      ids.forEach(
          (text, id) -> {
            if (!specials.containsKey(text)) {
              if (tokens[id].length > 0) {
                throw new IllegalArgumentException("two tokens have id " + id);
              }
              tokens[id] = ByteAlphabet.toBytes(text);
            }
          });
      specials.forEach(
          (text, id) ->
              tokens[Objects.checkIndex(id, tokens.length)] =
                  text.getBytes(StandardCharsets.UTF_8));
      return Optional.of(new BytePairTokenizer(tokens, merges(model, ids), endOfText));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw unreadable(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static boolean plainBytePair(JsonNode root, JsonNode model) {
    JsonNode cutter = root.path("pre_tokenizer");
    boolean everythingAddedIsSpecial = true;
    for (JsonNode token : root.path("added_tokens")) {
      everythingAddedIsSpecial &= token.path("special").asBoolean();
    }
    return everythingAddedIsSpecial
        && model.path("type").asText("BPE").equals("BPE")
        && model.path("merges").isArray()
        && model.path("dropout").asDouble(0) == 0
        && absent(model.path("continuing_subword_prefix"))
        && absent(model.path("end_of_word_suffix"))
        && !model.path("byte_fallback").asBoolean()
        && !model.path("ignore_merges").asBoolean()
        && absent(root.path("normalizer"))
        && cutter.path("type").asText().equals("ByteLevel")
        && !cutter.path("add_prefix_space").asBoolean(true)
        && cutter.path("use_regex").asBoolean(true);
  }

  private static boolean absent(JsonNode node) {
    return node.isNull() || node.isMissingNode() || (node.isTextual() && node.asText().isEmpty());
  }

  private static MergeRules merges(JsonNode model, Map<String, Integer> ids) {
    JsonNode list = model.path("merges");
    int[] left = new int[list.size()];
    int[] right = new int[left.length];
    int[] merged = new int[left.length];
    for (int rank = 0; rank < left.length; rank++) {
      JsonNode merge = list.get(rank);
      // The library writes "a b" before version 0.20 and ["a", "b"] since then; it reads both.
      String[] sides =
          merge.isArray()
              ? new String[] {merge.path(0).asText(), merge.path(1).asText()}
              : merge.asText().split(" ", -1);
      if (sides.length != 2) {
        throw new IllegalArgumentException("merge " + rank + " does not have two tokens: " + merge);
      }
      left[rank] = id(ids, sides[0]);
      right[rank] = id(ids, sides[1]);
      merged[rank] = id(ids, sides[0] + sides[1]);
    }
    return new MergeRules(left, right, merged);
  }

  private static int id(Map<String, Integer> ids, String token) {
    Integer id = ids.get(token);
    if (id == null) {
      throw new IllegalArgumentException(
          "a merge has the token \"" + token + "\", which has no id");
    }
    return id;
  }

  static void writeBytePair(BytePairTokenizer tokenizer, Path file) {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0").putNull("truncation").putNull("padding");
    String endOfText = new String(tokenizer.bytes(tokenizer.endOfText()), StandardCharsets.UTF_8);
    root.putArray("added_tokens")
        .addObject()
        .put("id", tokenizer.endOfText())
        .put("content", endOfText)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
    root.putNull("normalizer");
    root.set("pre_tokenizer", byteLevel());
    root.putNull("post_processor");
    root.set("decoder", byteLevel());
    ObjectNode model = root.putObject("model").put("type", "BPE").putNull("dropout");
    model.putNull("unk_token").putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
    List<String> texts = new ArrayList<>();
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < tokenizer.vocabulary(); id++) {
      texts.add(id == tokenizer.endOfText() ? endOfText : ByteAlphabet.toText(tokenizer.bytes(id)));
      if (tokenizer.bytes(id).length > 0) {
        vocabulary.put(texts.get(id), id);
      }
    }
    ArrayNode list = model.putArray("merges");
    MergeRules merges = tokenizer.merges();
    for (int rank = 0; rank < merges.size(); rank++) {
      list.add(texts.get(merges.left(rank)) + " " + texts.get(merges.right(rank)));
    }
    write(root, file);
  }

  static void write(JsonNode root, Path file) {
    DurableFile.write(
        file,
        channel ->
            DurableFile.writeFully(
                channel, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root)));
  }

  private static ObjectNode byteLevel() {
    return JSON.createObjectNode()
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", true);
  }
}
