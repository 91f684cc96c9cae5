package dev.mixlaw.mix.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.spi.Tokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that added tokens keep the ids of their file, and that no text is encoded as the
 * end-of-text token.
 */
class AddedTokensTest {
  private static final String SPLIT =
      "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Split\",\"pattern\":{\"Regex\":"
          + "\"\\\\p{N}| ?[^\\\\s\\\\p{N}]+|\\\\s+\"},\"behavior\":\"Isolated\",\"invert\":false},"
          + "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":false}]}";
  private static final String WORDS =
      "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"WhitespaceSplit\"},"
          + "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":false}]}";
  private static final String LIKE_GPT2 =
      "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":true}";

  private static final String UNIGRAM =
      "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[],"
          + "\"normalizer\":null,\"pre_tokenizer\":null,\"post_processor\":null,"
          + "\"decoder\":null,\"model\":{\"type\":\"Unigram\",\"unk_id\":0,"
          + "\"byte_fallback\":false,\"vocab\":[[\"<unk>\",0.0],[\"a\",-1.0],"
          + "[\"</s>\",-1.0],[\"<\",-2.0],[\"/\",-2.0],[\"s\",-2.0],[\">\",-2.0]]}}";

  @TempDir Path directory;

  @BeforeAll
  static void loadTheLibrary() {
    try {
      HuggingFaceTokenizer.loadNatives();
    } catch (MixlawException e) {
      Assumptions.abort(e.getMessage());
    }
  }

  /** Returns a byte-level byte-pair encoding of 256 tokens, without merges. */
  private static ObjectNode byteLevel(String cutter) throws IOException {
    ObjectNode root = TokenizerJson.JSON.createObjectNode();
    root.put("version", "1.0").putNull("truncation").putNull("padding");
    root.putArray("added_tokens");
    root.putNull("normalizer");
    root.set("pre_tokenizer", TokenizerJson.JSON.readTree(cutter));
    root.putNull("post_processor");
    root.putObject("decoder")
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", true);
    ObjectNode model = root.putObject("model").put("type", "BPE").putNull("unk_token");
    model.put("ignore_merges", false);
    ObjectNode vocabulary = model.putObject("vocab");
    for (int b = 0; b < 256; b++) {
      vocabulary.put(ByteAlphabet.toText(new byte[] {(byte) b}), b);
    }
    model.putArray("merges");
    return root;
  }

  private static ObjectNode add(ObjectNode root, int id, String text, boolean special) {
    ObjectNode token = ((ArrayNode) root.path("added_tokens")).addObject();
    token.put("id", id).put("content", text).put("special", special).put("normalized", false);
    token.put("single_word", false).put("lstrip", false).put("rstrip", false);
    return root;
  }

  private static ObjectNode model(ObjectNode root) {
    return (ObjectNode) root.path("model");
  }

  private Tokenizer open(ObjectNode root) {
    Path file = directory.resolve("tokenizer.json");
    TokenizerJson.write(root, file);
    return Tokenizers.open(TokenizerSpec.huggingFace(file));
  }

  private static int[] bytes(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[utf8.length];
    Arrays.setAll(ids, i -> utf8[i] & 0xFF);
    return ids;
  }

  /** As in Qwen's files, ordinary added tokens for tools and thoughts follow the special ones. */
  @ParameterizedTest
  @ValueSource(ints = {256, 300})
  void addedTokensKeepTheIdsOfTheFile(int first) throws IOException {
    ObjectNode root = byteLevel(SPLIT);
    add(root, first, "<|endoftext|>", true);
    add(root, first + 1, "<|im_end|>", true);
    add(root, first + 2, "<tool_call>", false);
    add(root, first + 5, "<think>", false);
    try (Tokenizer tokenizer = open(root)) {
      int[] ids = tokenizer.encode("a<think>b<tool_call><|im_end|>");

      assertThat(ids).startsWith('a', first + 5, 'b', first + 2).hasSize(4 + 10);
      assertThat(ids).endsWith(bytes("<|im_end|>"));
      assertThat(tokenizer.decode(ids)).isEqualTo("a<think>b<tool_call><|im_end|>");
      assertThat(tokenizer.decode(new int[] {first + 2, first + 1, first + 5, first}))
          .isEqualTo("<tool_call><|im_end|><think><|endoftext|>");
      assertThat(tokenizer.vocabulary()).isEqualTo(first + 6);
    }
  }

  @Test
  void aUnigramModelKeepsTheIdsOfAddedTokens() throws IOException {
    ObjectNode root = (ObjectNode) TokenizerJson.JSON.readTree(UNIGRAM);
    add(root, 0, "<unk>", true);
    add(root, 2, "</s>", true);
    add(root, 9, "<mask>", false);
    try (Tokenizer tokenizer = open(root)) {
      assertThat(tokenizer.encode("a<mask>a</s>")).containsExactly(1, 9, 1, 3, 4, 5, 6);
      assertThat(tokenizer.encode("z")).containsExactly(0);
      assertThat(tokenizer.endOfText()).isEqualTo(2);
      assertThat(tokenizer.decode(new int[] {1, 9, 2})).isEqualTo("a <mask></s>");
    }
  }

  /** A word that has the text of a special token must not get its id, with any kind of model. */
  @Test
  void specialTokensAsWordsAreOrdinaryText() throws IOException {
    String words =
        "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[],"
            + "\"normalizer\":null,\"pre_tokenizer\":{\"type\":\"WhitespaceSplit\"},"
            + "\"post_processor\":null,\"decoder\":null,\"model\":{\"type\":\"%s\",%s"
            + "\"unk_token\":\"<unk>\",\"vocab\":{\"<unk>\":0,\"<eos>\":1,\"sea\":2}}}";
    String[] options = {"WordLevel", "", "WordPiece", "\"continuing_subword_prefix\":\"##\","};
    for (int i = 0; i < options.length; i += 2) {
      ObjectNode root =
          (ObjectNode)
              TokenizerJson.JSON.readTree(
                  String.format(
                      words,
                      options[i],
                      options[i + 1] + (i > 0 ? "\"max_input_chars_per_word\":100," : "")));
      add(add(root, 0, "<unk>", true), 1, "<eos>", true);
      try (Tokenizer tokenizer = open(root)) {
        assertThat(tokenizer.encode("sea <eos> <unk> sea")).containsExactly(2, 0, 0, 2);
        assertThat(tokenizer.decode(new int[] {2, 1})).isEqualTo("sea<eos>");
      }
    }
    ObjectNode whole = byteLevel(WORDS);
    model(whole).put("ignore_merges", true);
    ((ObjectNode) model(whole).path("vocab")).put("</s>", 256);
    try (Tokenizer tokenizer = open(add(whole, 256, "</s>", true))) {
      assertThat(tokenizer.encode("a </s>")).isEqualTo(bytes("a</s>"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {LIKE_GPT2, SPLIT})
  void mergesThatSpellASpecialTokenAreNotApplied(String cutter) throws IOException {
    ObjectNode root = byteLevel(cutter);
    ObjectNode vocabulary = (ObjectNode) model(root).path("vocab");
    vocabulary.put("<!", 256).put("!>", 257).put("<!!>", 258).put("<!!>!>", 259);
    ((ArrayNode) model(root).path("merges")).add("< !").add("! >").add("<! !>").add("<!!> !>");
    try (Tokenizer tokenizer = open(add(root, 258, "<!!>", true))) {
      assertThat(tokenizer.encode("<!!>!>")).containsExactly(256, 257, 257);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "<|end_of_text|>,<|eot_id|>",
    "<｜end▁of▁sentence｜>,<｜User｜>",
    "<|end▁of▁sentence|>,<｜User｜>",
    "<EOS_TOKEN>,<BOS_TOKEN>",
    "<seed:eos>,<seed:bos>"
  })
  void theEndOfATextIsFound(String end, String other) throws IOException {
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        "{\"eos_token\":{\"__type\":\"AddedToken\",\"content\":\""
            + end
            + "\"},\"add_bos_token\":true,\"bos_token\":\""
            + other
            + "\"}");
    ObjectNode root = add(add(byteLevel(SPLIT), 256, other, true), 257, end, true);
    Path copy = directory.resolve("copy/tokenizer.json");
    try (Tokenizer tokenizer = open(root)) {
      assertThat(tokenizer.endOfText()).isEqualTo(257);
      assertThat(tokenizer.beginOfText()).isEqualTo(256);
      assertThat(tokenizer.encode(end)).doesNotContain(257);
      tokenizer.save(copy);
      try (Tokenizer again = Tokenizers.open(TokenizerSpec.huggingFace(copy))) {
        assertThat(again.endOfText()).isEqualTo(257);
        assertThat(again.fingerprint()).isEqualTo(tokenizer.fingerprint());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {LIKE_GPT2, SPLIT})
  void anEndOfTextThatIsNotMarkedAsSpecialIsHidden(String cutter) throws IOException {
    try (Tokenizer tokenizer = open(add(byteLevel(cutter), 256, "<|endoftext|>", false))) {
      assertThat(tokenizer.endOfText()).isEqualTo(256);
      assertThat(tokenizer.encode("a<|endoftext|>")).isEqualTo(bytes("a<|endoftext|>"));
    }
  }

  @Test
  void unknownTextIsNeverTheEndOfAText() throws IOException {
    ObjectNode root = add(byteLevel(SPLIT), 256, "<|endoftext|>", true);
    model(root).put("unk_token", "<|endoftext|>");
    ((ObjectNode) model(root).path("vocab")).put("<|endoftext|>", 256);
    try (Tokenizer tokenizer = open(root)) {
      assertThat(tokenizer.encode("é<|endoftext|>")).isEqualTo(bytes("é<|endoftext|>"));
    }
    root.putNull("pre_tokenizer");
    assertThatThrownBy(() -> open(root))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("unknown text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "2147483647", "2000000000", "99999999999", "1.5", "\"7\"", "97"})
  void anIdThatCannotBeIsRefused(String id) throws IOException {
    for (String cutter : List.of(LIKE_GPT2, SPLIT)) {
      ObjectNode root = add(byteLevel(cutter), 256, "<|endoftext|>", true);
      add(root, 0, "<think>", true);
      ((ObjectNode) root.path("added_tokens").get(1)).set("id", TokenizerJson.JSON.readTree(id));

      assertThatThrownBy(() -> open(root))
          .isInstanceOf(MixlawException.class)
          .hasMessageContaining("<think>")
          .hasMessageContaining("id");
    }
  }

  /** The library would overflow its stack or abort on such files, which would end the JVM. */
  @Test
  void contentThatTheLibraryCannotHandleIsRefused() throws IOException {
    String longToken = "x".repeat(30_000);
    ObjectNode unigram = (ObjectNode) TokenizerJson.JSON.readTree(UNIGRAM);
    ((ArrayNode) unigram.at("/model/vocab/1")).set(0, longToken);
    ObjectNode added = add(byteLevel(SPLIT), 256, "<|endoftext|>", true);
    assertRefused(add(unigram, 2, "</s>", true), "a token has 30000 characters");
    assertRefused(add(added, 257, longToken, false), "a token has 30000 characters");
    ObjectNode merged = add(byteLevel(SPLIT), 256, "<|endoftext|>", true);
    model(merged).put("continuing_subword_prefix", "##").withArray("merges").add("a b");
    assertRefused(merged, "a token without the prefix ##");
    String unread = "{\"type\":\"ByteLevel\",\"a\":%s}";
    assertRefused(decodedBy(unread.formatted("[".repeat(150) + "]".repeat(150))), "depth");
    assertRefused(decodedBy(unread.formatted("9".repeat(400))), "Number value length (400)");
    String strip = "{\"type\":\"Strip\",\"content\":\"a\",\"start\":1,\"stop\":%d}";
    assertRefused(
        decodedBy(strip.formatted(1)), "a decoder deletes characters at the end of tokens");
    try (Tokenizer tokenizer = open(decodedBy(strip.formatted(0)))) {
      assertThat(tokenizer.decode(bytes("aab"))).isEqualTo("b");
    }
    for (String bracket : List.of("(", "[", "(?!")) {
      ObjectNode nested = add(byteLevel(SPLIT), 256, "<|endoftext|>", true);
      String close = bracket.equals("[") ? "]" : ")";
      ((ObjectNode) nested.at("/pre_tokenizer/pretokenizers/0/pattern"))
          .put("Regex", bracket.repeat(3000) + "a" + close.repeat(3000));
      assertRefused(nested, "over 100 brackets");
    }
  }

  /**
   * The library follows the trie of a character map without checks, so a damaged map would end the
   * JVM.
   */
  @Test
  void aDamagedMapOfCharactersIsRefused() throws IOException {
    int[] units = new int[256];
    units['a'] = 'a' | 1 << 8 | ('a' ^ 'b') << 10; // its value is at 'b'
    units['b'] = 1 << 31;
    try (Tokenizer tokenizer = open(mapped(map(units, "s\0")))) {
      assertThat(tokenizer.encode("as")).containsExactly(5, 5);
    }
    String damaged = "precompiled_charsmap is damaged";
    assertRefused(mapped(null), damaged);
    assertRefused(mapped("!"), damaged);
    assertRefused(mapped(map(new int[0], "s\0")), damaged);
    assertRefused(mapped(map(units, "s\0").substring(0, 1000)), damaged);
    for (int value : new int[] {1, 4}) { // within a character, and after the end
      units['b'] = 1 << 31 | value;
      assertRefused(mapped(map(units, "é\0")), damaged);
    }
    units['b'] = 1 << 31;
    units['a'] |= 1 << 30;
    assertRefused(mapped(map(units, "s\0")), damaged);
    units['a'] = 0;
    units[0] = 1 << 31;
    assertRefused(mapped(map(units, "s\0")), damaged);
  }

  /** The library would match the empty text within a character, which would end the JVM. */
  @Test
  void anAddedTokenOfWhichTheNormalizerLeavesNothingIsRefused() throws IOException {
    ObjectNode root = add((ObjectNode) TokenizerJson.JSON.readTree(UNIGRAM), 2, "</s>", true);
    ObjectNode token = (ObjectNode) add(root, 7, "\u0301", false).at("/added_tokens/1");
    token.put("single_word", true).put("normalized", true);
    try (Tokenizer tokenizer = open(root)) {
      assertThat(tokenizer.encode("漢 \u0301")).containsExactly(0, 7);
    }
    root.putObject("normalizer").put("type", "StripAccents");
    assertRefused(root, "its normalizer leaves nothing of the added token");
    token.put("normalized", false);
    try (Tokenizer tokenizer = open(root)) {
      assertThat(tokenizer.encode("漢 \u0301")).containsExactly(0, 7);
    }
  }

  private static String map(int[] units, String texts) {
    byte[] utf8 = texts.getBytes(StandardCharsets.UTF_8);
    ByteBuffer map = ByteBuffer.allocate(4 + 4 * units.length + utf8.length);
    map.order(ByteOrder.LITTLE_ENDIAN).putInt(4 * units.length);
    Arrays.stream(units).forEach(map::putInt);
    return Base64.getEncoder().encodeToString(map.put(utf8).array());
  }

  private static ObjectNode mapped(String base64) throws IOException {
    ObjectNode root = (ObjectNode) TokenizerJson.JSON.readTree(UNIGRAM);
    ObjectNode sequence = root.putObject("normalizer").put("type", "Sequence");
    sequence
        .putArray("normalizers")
        .addObject()
        .put("type", "Precompiled")
        .put("precompiled_charsmap", base64);
    return add(root, 2, "</s>", true);
  }

  private static ObjectNode decodedBy(String decoder) throws IOException {
    ObjectNode root = add(byteLevel(SPLIT), 256, "<|endoftext|>", true);
    root.set("decoder", new ObjectMapper().readTree(decoder));
    return root;
  }

  private void assertRefused(ObjectNode root, String message) {
    assertThatThrownBy(() -> open(root).close())
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining(message);
  }

  @Test
  void twoTokensWithOneIdAreRefused() throws IOException {
    ObjectNode root = add(byteLevel(SPLIT), 256, "<|endoftext|>", true);
    add(root, 256, "<think>", false);
    assertThatThrownBy(() -> open(root)).hasMessageContaining("two added tokens have id 256");

    ObjectNode vocabulary = byteLevel(LIKE_GPT2);
    add(vocabulary, 256, "<|endoftext|>", true);
    ((ObjectNode) model(vocabulary).path("vocab")).put("ab", 97);
    assertThatThrownBy(() -> open(vocabulary))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("two tokens have id 97");
  }

  @Test
  void aFileMayNotBeWhatItSeems() throws IOException {
    for (String text :
        List.of(
            "{\"model\":{}} x",
            "{\"model\":{},\"model\":{}}",
            "{\"model\":{\"vocab\":{\"a\":1e99999999999}}}",
            "{\"model\":{}",
            "[".repeat(100_000))) {
      Path file = Files.writeString(directory.resolve("tokenizer.json"), text);

      assertThatThrownBy(() -> Tokenizers.open(TokenizerSpec.huggingFace(file)))
          .as(text.substring(0, Math.min(30, text.length())))
          .isInstanceOf(MixlawException.class);
    }
  }

  /** As in Llama 2's files, a space is put before each text and dropped by decoding. */
  @Test
  void aContinuationKeepsItsSpace() throws IOException {
    ObjectNode root = byteLevel("null");
    model(root).put("byte_fallback", false).put("unk_token", "<unk>");
    ObjectNode vocabulary = (ObjectNode) model(root).path("vocab");
    vocabulary.put("▁", 256).put("</s>", 257).put("<s>", 258).put("<unk>", 259);
    add(add(add(root, 257, "</s>", true), 258, "<s>", true), 259, "<unk>", true);
    root.set(
        "normalizer",
        TokenizerJson.JSON.readTree(
            "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Prepend\",\"prepend\":\"▁\"},"
                + "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"▁\"}]}"));
    root.set(
        "decoder",
        TokenizerJson.JSON.readTree(
            "{\"type\":\"Sequence\",\"decoders\":[{\"type\":\"Replace\",\"pattern\":{\"String\":"
                + "\"▁\"},\"content\":\" \"},{\"type\":\"Fuse\"},{\"type\":\"Strip\",\"content\":"
                + "\" \",\"start\":1,\"stop\":0}]}"));
    root.set(
        "post_processor",
        TokenizerJson.JSON.readTree(
            "{\"type\":\"TemplateProcessing\",\"single\":[{\"SpecialToken\":{\"id\":\"<s>\","
                + "\"type_id\":0}},{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}],\"pair\":[],"
                + "\"special_tokens\":{}}"));
    Path copy = directory.resolve("copy/tokenizer.json");
    try (Tokenizer tokenizer = open(root)) {
      int[] quick = tokenizer.encode("the quick");
      int[] brown = tokenizer.encode("brown");

      assertThat(tokenizer.beginOfText()).isEqualTo(258);
      assertThat(tokenizer.decode(quick)).isEqualTo("the quick");
      assertThat(tokenizer.decodeAfter(quick, brown)).isEqualTo(" brown");
      assertThat(tokenizer.decodeAfter(new int[] {258}, brown)).isEqualTo("brown");
      assertThat(tokenizer.decodeAfter(quick, new int[0])).isEmpty();
      // models that Mixlaw trains never see <s>, so the saved file has no such token
      tokenizer.save(copy);
      try (Tokenizer again = Tokenizers.open(TokenizerSpec.huggingFace(copy))) {
        assertThat(again.beginOfText()).isEqualTo(again.endOfText()).isEqualTo(257);
      }
    }
  }

  @Test
  void aCharacterWhoseBytesAreDividedBelongsToTheContinuation() {
    BytePairTokenizer bytes = new BytePairTrainer().train(257);
    int[] ids = bytes.encode("né");

    assertThat(bytes.decodeAfter(new int[] {ids[0], ids[1]}, new int[] {ids[2]})).isEqualTo("é");
    assertThat(bytes.beginOfText()).isEqualTo(bytes.endOfText());
  }
}
