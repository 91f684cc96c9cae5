package dev.mixlaw.mix.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.Reasons;
import dev.mixlaw.api.internal.io.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes Hugging Face's {@code tokenizer.json} for byte-level byte-pair encodings, and
 * reads the parts that all kinds of tokenizers share.
 */
final class TokenizerJson {
  private static final String CONFIG = "tokenizer_config.json";

  /**
   * Maximum nesting depth of values in a file, and maximum number of characters in a number.
   * Hugging Face's library crashes the JVM if a decoder contains values nested 128 deep or a number
   * above 1.8e308.
   */
  private static final int DEEPEST = 100;

  private static final int LONGEST_NUMBER = 100;

  static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxNumberLength(LONGEST_NUMBER)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  /** The largest allowed token id. The largest published vocabularies have about 260,000 tokens. */
  static final int LARGEST_ID = 1 << 24;

  /**
   * Maximum length of an added token and of a token of a Unigram model, and maximum number of
   * brackets in a regular expression. Published files stay far below this limit. Hugging Face's
   * library processes tokens and brackets by recursion, which would overflow the native stack and
   * crash the JVM.
   */
  private static final int LONGEST_TOKEN = 1024;

  private static final int MOST_BRACKETS = 100;

  private static final int LONGEST_REASON = 500;

  /** The maximum size of a file in bytes. The largest published files have about 35 MB. */
  private static final long LARGEST_FILE = 128 << 20;

  /** Names of tokens that are used only to end a document. */
  private static final List<String> END_OF_TEXT =
      List.of(
          BytePairTrainer.END_OF_TEXT,
          "<|end_of_text|>",
          "<|end▁of▁sentence|>",
          "<｜end▁of▁sentence｜>");

  /** Names of tokens that end a sequence, in the order of preference. */
  private static final List<String> END_OF_SEQUENCE =
      List.of("</s>", "<eos>", "<|eos|>", "[EOS]", "<|im_end|>", "<|eot_id|>", "[SEP]");

  private TokenizerJson() {}

  /** A token that the file adds to the vocabulary of its model. */
  record AddedToken(String text, int id, boolean special) {}

  static JsonNode read(Path file) {
    JsonNode root = json(file);
    if (!root.path("model").isObject()) {
      throw unreadable(file, "it contains no tokenizer model", null);
    }
    return root;
  }

  private static JsonNode json(Path file) {
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw unreadable(file, "it is longer than " + LARGEST_FILE + " bytes", null);
      }
      return JSON.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException | NumberFormatException e) {
      // Jackson throws NumberFormatException for a number with a huge exponent.
      throw unreadable(
          file,
          "not JSON: "
              + (e instanceof JsonProcessingException j ? j.getOriginalMessage() : e.getMessage()),
          e);
    } catch (IOException e) {
      throw unreadable(file, "cannot be read: " + Reasons.of(e), e);
    }
  }

  private static String shortened(String reason) {
    return reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) + "…" : reason;
  }

  static MixlawException unreadable(Path file, String reason, @Nullable Throwable cause) {
    return MixlawException.data(
        "tokenizer " + file,
        shortened(reason),
        "a Hugging Face tokenizer.json",
        "change TokenizerSpec.huggingFace",
        cause);
  }

  /**
   * Returns the tokens that the file adds to the vocabulary of its model, in the order of the file.
   */
  static List<AddedToken> addedTokens(JsonNode root, Path file) {
    Map<String, AddedToken> byText = new LinkedHashMap<>();
    Set<Integer> ids = new HashSet<>();
    for (JsonNode token : root.path("added_tokens")) {
      String text = token.path("content").asText();
      int id = id(text, token.path("id"), file);
      if (text.isEmpty()) {
        throw unreadable(file, "an added token has no content: " + token, null);
      }
      notTooLong(text, file);
      boolean special = token.path("special").asBoolean();
      if (byText.putIfAbsent(text, new AddedToken(text, id, special)) == null && !ids.add(id)) {
        throw unreadable(file, "two added tokens have id " + id, null);
      }
    }
    return List.copyOf(byText.values());
  }

  /** Returns the ids of the tokens in the model's vocabulary, by text. */
  static Map<String, Integer> vocabulary(JsonNode root, List<AddedToken> added, Path file) {
    JsonNode entries = root.path("model").path("vocab");
    Map<String, Integer> ids = new HashMap<>();
    Map<Integer, String> texts = new HashMap<>();
    if (entries.isArray()) { // a Unigram model lists its tokens with their scores
      for (int id = 0; id < entries.size(); id++) {
        String text = entries.get(id).path(0).asText();
        notTooLong(text, file);
        ids.put(text, id);
        texts.put(id, text);
      }
    } else {
      for (Map.Entry<String, JsonNode> entry : entries.properties()) {
        int id = id(entry.getKey(), entry.getValue(), file);
        ids.put(entry.getKey(), id);
        if (texts.put(id, entry.getKey()) != null) {
          throw unreadable(file, "two tokens have id " + id, null);
        }
      }
    }
    for (AddedToken token : added) {
      String other = texts.getOrDefault(token.id(), token.text());
      if (!other.equals(token.text())) {
        throw unreadable(
            file, "the added token \"" + token.text() + "\" has the id of \"" + other + "\"", null);
      }
    }
    return ids;
  }

  private static void notTooLong(String token, Path file) {
    if (token.length() > LONGEST_TOKEN) {
      throw unreadable(
          file,
          "a token has " + token.length() + " characters; expected at most " + LONGEST_TOKEN,
          null);
    }
  }

  private static int id(String text, JsonNode id, Path file) {
    if (!id.isIntegralNumber()
        || !id.canConvertToInt()
        || id.asInt() < 0
        || id.asInt() > LARGEST_ID) {
      throw unreadable(
          file, "token \"" + text + "\" has id " + id + "; expected 0 to " + LARGEST_ID, null);
    }
    return id.asInt();
  }

  /**
   * Returns the end-of-text token. The candidates are, in this order, a token named in {@link
   * #END_OF_TEXT}, the {@code eos_token} of the {@code tokenizer_config.json} next to the file, a
   * token named in {@link #END_OF_SEQUENCE}, and the only special token.
   *
   * @throws MixlawException (data) if the file has no such token
   */
  static AddedToken endOfText(JsonNode root, List<AddedToken> added, Path file) {
    Map<String, AddedToken> byText = new LinkedHashMap<>();
    added.forEach(token -> byText.put(token.text(), token));
    List<String> names = new ArrayList<>(END_OF_TEXT);
    configured(file, "eos_token").ifPresent(names::add);
    names.addAll(END_OF_SEQUENCE);
    for (String name : names) {
      AddedToken found = byText.get(name);
      if (found != null) {
        return found;
      }
      JsonNode id = root.path("model").path("vocab").path(name);
      if (id.canConvertToInt()) {
        return new AddedToken(name, id(name, id, file), true);
      }
    }
    List<AddedToken> specials = added.stream().filter(AddedToken::special).toList();
    if (specials.size() == 1) {
      return specials.get(0);
    }
    throw MixlawException.data(
        "tokenizer " + file + ": token that ends a document",
        specials.isEmpty()
            ? "no special tokens"
            : shortened("special tokens " + specials.stream().map(AddedToken::text).toList()),
        "one special token, or one of " + END_OF_TEXT + " or " + END_OF_SEQUENCE,
        "name it as eos_token in a " + CONFIG + " next to the file");
  }

  /**
   * Returns the token that Hugging Face's libraries put before the text, as stated in the file or
   * in the {@code tokenizer_config.json} next to it.
   */
  static Optional<String> beginOfText(JsonNode root, Path file) {
    JsonNode processor = root.path("post_processor");
    JsonNode several = processor.path("processors");
    for (JsonNode one : several.isArray() ? several : List.of(processor)) {
      JsonNode first = one.path("single").path(0).path("SpecialToken").path("id");
      if (first.isTextual()) {
        return Optional.of(first.asText());
      }
    }
    return config(file).path("add_bos_token").asBoolean()
        ? configured(file, "bos_token")
        : Optional.empty();
  }

  /** Returns a special token that the {@code tokenizer_config.json} next to a file defines. */
  private static Optional<String> configured(Path file, String name) {
    JsonNode token = config(file).path(name);
    JsonNode text = token.isObject() ? token.path("content") : token;
    return text.isTextual() ? Optional.of(text.asText()) : Optional.empty();
  }

  private static JsonNode config(Path file) {
    Path config = file.resolveSibling(CONFIG);
    return Files.isRegularFile(config) ? json(config) : JSON.createObjectNode();
  }

  static void writeConfig(Path file, String endOfText) {
    ObjectNode config = JSON.createObjectNode();
    config.put("tokenizer_class", "PreTrainedTokenizerFast").put("eos_token", endOfText);
    write(config, file.resolveSibling(CONFIG));
  }

  static BytePairTokenizer readBytePair(Path file) {
    return bytePair(read(file), file)
        .orElseThrow(() -> unreadable(file, "not a byte-level BPE as in GPT-2", null));
  }

  /** Returns the tokenizer of a file, or empty if {@link BytePairTokenizer} does not support it. */
  static Optional<BytePairTokenizer> bytePair(JsonNode root, Path file) {
    JsonNode model = root.path("model");
    boolean everythingAddedIsSpecial =
        StreamSupport.stream(root.path("added_tokens").spliterator(), false)
            .allMatch(token -> token.path("special").asBoolean());
    return everythingAddedIsSpecial
            && !model.path("ignore_merges").asBoolean()
            && absent(root.path("normalizer"))
            && rules(root).filter(r -> r == Pretokenizer.Rules.GPT2).isPresent()
        ? encoder(root, List.of(), file)
        : Optional.empty();
  }

  /**
   * Returns a tokenizer that neither recognizes added tokens nor normalizes text, or empty if
   * {@link BytePairTokenizer} does not support the model.
   *
   * @param visible added tokens that the caller recognizes in text
   */
  static Optional<BytePairTokenizer> encoder(JsonNode root, List<AddedToken> visible, Path file) {
    JsonNode model = root.path("model");
    Optional<Pretokenizer.Rules> rules = rules(root);
    if (rules.isEmpty() || !plainBytePair(model)) {
      return Optional.empty();
    }
    List<AddedToken> added = addedTokens(root, file);
    AddedToken endOfText = endOfText(root, added, file);
    Map<String, Integer> ids = vocabulary(root, added, file);
    Set<String> hidden = new HashSet<>();
    added.forEach(token -> hidden.add(token.text()));
    hidden.add(endOfText.text());
    int last =
        IntStream.concat(
                added.stream().mapToInt(AddedToken::id), ids.values().stream().mapToInt(i -> i))
            .max()
            .orElse(0);
    try {
      byte[][] tokens = new byte[last + 1][];
      Arrays.fill(tokens, new byte[0]);
      ids.forEach(
          (text, id) ->
              tokens[id] =
                  hidden.contains(text)
                      ? text.getBytes(StandardCharsets.UTF_8)
                      : ByteAlphabet.toBytes(text));
      added.forEach(token -> tokens[token.id()] = token.text().getBytes(StandardCharsets.UTF_8));
      Map<String, Integer> whole = new HashMap<>();
      if (model.path("ignore_merges").asBoolean()) {
        ids.forEach(
            (text, id) -> {
              if (!hidden.contains(text)) {
                whole.put(new String(tokens[id], StandardCharsets.ISO_8859_1), id);
              }
            });
      }
      visible.forEach(token -> hidden.remove(token.text()));
      MergeRules merges = merges(model, ids, hidden);
      return Optional.of(new BytePairTokenizer(tokens, merges, endOfText.id(), rules.get(), whole));
    } catch (IllegalArgumentException e) {
      throw unreadable(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static boolean plainBytePair(JsonNode model) {
    return model.path("type").asText("BPE").equals("BPE")
        && model.path("merges").isArray()
        && model.path("dropout").asDouble(0) == 0
        && absent(model.path("continuing_subword_prefix"))
        && absent(model.path("end_of_word_suffix"))
        && !model.path("byte_fallback").asBoolean();
  }

  /** Returns the rules by which a file splits text, or empty if they are not supported. */
  private static Optional<Pretokenizer.Rules> rules(JsonNode root) {
    JsonNode splitter = root.path("pre_tokenizer");
    JsonNode parts = splitter.path("pretokenizers");
    JsonNode bytes = parts.isArray() ? parts.path(parts.size() - 1) : splitter;
    if (!bytes.path("type").asText().equals("ByteLevel")
        || bytes.path("add_prefix_space").asBoolean(true)) {
      return Optional.empty();
    }
    if (bytes.path("use_regex").asBoolean(true)) {
      return parts.size() > 1 ? Optional.empty() : Optional.of(Pretokenizer.Rules.GPT2);
    }
    // The matches cover the whole text, so an inverted split that removes all other text has the
    // same result as a split that isolates the matches.
    JsonNode split = parts.path(0);
    String regex = split.path("pattern").path("Regex").asText();
    return parts.size() == 2
            && split.path("type").asText().equals("Split")
            && split
                .path("behavior")
                .asText()
                .equals(split.path("invert").asBoolean() ? "Removed" : "Isolated")
        ? Arrays.stream(Pretokenizer.Rules.values()).filter(r -> r.regex.equals(regex)).findFirst()
        : Optional.empty();
  }

  private static boolean absent(JsonNode node) {
    return node.isNull() || node.isMissingNode() || (node.isTextual() && node.asText().isEmpty());
  }

  /** Returns the merge rules, without those that produce a hidden token. */
  private static MergeRules merges(JsonNode model, Map<String, Integer> ids, Set<String> hidden) {
    IntList left = new IntList(1024);
    IntList right = new IntList(1024);
    IntList merged = new IntList(1024);
    for (JsonNode merge : model.path("merges")) {
      String[] sides = sides(merge);
      if (!spells(sides, hidden)) {
        left.add(id(ids, sides[0]));
        right.add(id(ids, sides[1]));
        merged.add(id(ids, sides[0] + sides[1]));
      }
    }
    return new MergeRules(left.toArray(), right.toArray(), merged.toArray());
  }

  /**
   * Returns the two tokens of a rule. Files state a rule as "a b" or, since 2024, as ["a", "b"].
   */
  private static String[] sides(JsonNode merge) {
    String[] sides =
        merge.isArray()
            ? new String[] {merge.path(0).asText(), merge.path(1).asText()}
            : merge.asText().split(" ", -1);
    if (sides.length != 2) {
      throw new IllegalArgumentException("a merge does not have two tokens: " + merge);
    }
    return sides;
  }

  private static boolean spells(String[] sides, Set<String> hidden) {
    return hidden.contains(sides[0] + sides[1])
        || hidden.contains(sides[0])
        || hidden.contains(sides[1]);
  }

  /**
   * Returns a copy of a file for Hugging Face's library, which then never encodes text as a hidden
   * token. All other tokens keep their ids.
   *
   * <p>The library would assign new ids to added tokens. Added tokens are therefore moved into the
   * vocabulary of the model, and hidden tokens are removed from it.
   *
   * @param visible the added tokens that the library recognizes
   * @param hidden texts of the special tokens and of the end-of-text token
   * @param kept the hidden tokens to which the model refers as its token for unknown text
   */
  static ObjectNode forLibrary(
      JsonNode root,
      Path file,
      List<AddedToken> visible,
      Set<String> hidden,
      List<AddedToken> kept) {
    for (String regex : root.findValuesAsText("Regex")) {
      if (regex.chars().filter(c -> c == '(' || c == '[').count() > MOST_BRACKETS) {
        throw unreadable(
            file, "a regular expression has over " + MOST_BRACKETS + " brackets", null);
      }
    }
    for (JsonNode decoder : root.path("decoder").findParents("stop")) {
      if (decoder.path("stop").asLong() != 0) { // such a token crashes the JVM
        throw unreadable(
            file, "a decoder deletes characters at the end of tokens: " + decoder, null);
      }
    }
    PrecompiledMap.check(root, file);
    ObjectNode copy = withoutProcessing(root);
    ObjectNode model = (ObjectNode) copy.path("model");
    List<AddedToken> stated = new ArrayList<>(visible);
    stated.addAll(kept);
    if (model.path("vocab") instanceof ArrayNode pieces) {
      for (AddedToken token : stated) {
        while (pieces.size() <= token.id()) {
          pieces.addArray().add("").add(0.0); // an empty piece matches no text
        }
        ((ArrayNode) pieces.get(token.id())).set(0, token.text());
      }
      for (JsonNode piece : pieces) {
        if (hidden.contains(piece.path(0).asText())) {
          ((ArrayNode) piece).set(0, "");
        }
      }
    } else if (model.path("vocab") instanceof ObjectNode vocabulary) {
      vocabulary.remove(hidden);
      stated.forEach(token -> vocabulary.put(token.text(), token.id()));
      if (!vocabulary.has(model.path("unk_token").asText(""))) {
        model.putNull("unk_token");
      }
    }
    if (model.path("merges") instanceof ArrayNode merges) {
      String prefix = model.path("continuing_subword_prefix").asText("");
      for (Iterator<JsonNode> it = merges.iterator(); it.hasNext(); ) {
        String[] sides = sides(it.next());
        if (!sides[1].startsWith(prefix)) { // the library would crash the JVM
          throw unreadable(
              file, "a merge continues with a token without the prefix " + prefix, null);
        }
        if (spells(sides, hidden)) {
          it.remove();
        }
      }
    }
    Set<String> recognized = new HashSet<>();
    visible.forEach(token -> recognized.add(token.text()));
    for (Iterator<JsonNode> it = copy.withArray("added_tokens").iterator(); it.hasNext(); ) {
      if (!recognized.contains(it.next().path("content").asText())) {
        it.remove();
      }
    }
    return copy;
  }

  /** Returns a copy of a file that neither truncates nor pads texts and adds no tokens to them. */
  static ObjectNode withoutProcessing(JsonNode root) {
    ObjectNode copy = root.deepCopy();
    return copy.putNull("truncation").putNull("padding").putNull("post_processor");
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
