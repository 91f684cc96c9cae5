package dev.mixlaw.mix.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.mix.Shared;
import dev.mixlaw.mix.token.Pretokenizer.Rules;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares the encoder with Hugging Face's library on files like those of Llama 3, Qwen and OLMo 2.
 */
class FastEncoderTest {
  private static BytePairTokenizer trained;

  @TempDir private Path directory;

  @BeforeAll
  static void train() {
    BytePairTrainer trainer = new BytePairTrainer();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 60; i++) {
      Texts.HARD.forEach(trainer::add);
      trainer.add(Texts.patchwork(random, 200));
    }
    trained = trainer.train(2000);
    try {
      HuggingFaceTokenizer.loadNatives();
    } catch (MixlawException e) {
      Assumptions.abort(e.getMessage());
    }
  }

  /** Replaces the pre-tokenizer by one that splits by the given rules, as Llama 3's does. */
  static void splitBy(ObjectNode root, Rules rules) {
    ArrayNode parts =
        root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
    parts
        .addObject()
        .put("type", "Split")
        .put("behavior", "Isolated")
        .put("invert", false)
        .putObject("pattern")
        .put("Regex", rules.regex);
    parts
        .addObject()
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", false);
  }

  /** Opens the trained vocabulary with other rules for splitting text. */
  private HuggingFaceTokenizer open(Rules rules, Consumer<ObjectNode> change) {
    Path file = directory.resolve("tokenizer.json");
    trained.save(file);
    ObjectNode root = (ObjectNode) TokenizerJson.read(file);
    splitBy(root, rules);
    change.accept(root);
    return (HuggingFaceTokenizer) HuggingFaceTokenizer.open(root, file);
  }

  private static void addToken(ObjectNode root, String text, boolean special) {
    ArrayNode all = (ArrayNode) root.path("added_tokens");
    all.addObject()
        .put("id", 2000 + all.size())
        .put("content", text)
        .put("special", special)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false);
  }

  private static void assertSame(HuggingFaceTokenizer tokenizer, String text) {
    int[] ids = tokenizer.encode(text);
    assertThat(ids).as("%s", text).isEqualTo(tokenizer.encodeWithLibrary(text));
  }

  private static void assertSameOnAllTexts(HuggingFaceTokenizer tokenizer) {
    assertThat(tokenizer.isFast()).isTrue();
    SplittableRandom random = new SplittableRandom(7);
    Texts.HARD.stream().filter(t -> !t.contains("\uD800")).forEach(t -> assertSame(tokenizer, t));
    for (int i = 0; i < 1000; i++) {
      assertSame(tokenizer, Texts.patchwork(random, 20));
    }
    for (int i = 0; i < 100; i++) {
      assertSame(tokenizer, Texts.anyCodePoints(random, 300));
    }
  }

  @ParameterizedTest
  @EnumSource
  void sameIdsWithTheRulesOf(Rules rules) {
    try (HuggingFaceTokenizer tokenizer = open(rules, root -> {})) {
      assertSameOnAllTexts(tokenizer);
    }
  }

  @Test
  void sameIdsIfWholePiecesAreTokens() {
    try (HuggingFaceTokenizer tokenizer =
        open(Rules.CL100K, root -> ((ObjectNode) root.path("model")).put("ignore_merges", true))) {
      assertSameOnAllTexts(tokenizer);
    }
  }

  @Test
  void sameIdsWithAddedTokensAndComposedText() {
    try (HuggingFaceTokenizer tokenizer =
        open(
            Rules.QWEN2,
            root -> {
              root.putObject("normalizer").put("type", "NFC");
              addToken(root, "<tool>", false);
              addToken(root, "<tool>s", false);
              addToken(root, "日本", false);
              addToken(root, "<|im_start|>", true);
            })) {
      assertSameOnAllTexts(tokenizer);
      for (String text :
          List.of(
              "<tool>",
              "a<tool>s<tool></tool> 1",
              "<<tool>>s",
              "e\u0301 日本語",
              "<tool>\u0338",
              "<|im_start|>user<|endoftext|>",
              "Å \u212B A\u030A \u1100\u1161\u11A8")) {
        assertSame(tokenizer, text);
      }
      assertThat(tokenizer.encode("a<tool>s<tool>")).hasSize(3);
      assertThat(tokenizer.encode("<|im_start|>")).hasSizeGreaterThan(1);
    }
  }

  @Test
  void otherRulesAreLeftToTheLibrary() {
    for (Consumer<ObjectNode> change :
        List.<Consumer<ObjectNode>>of(
            root -> root.putObject("normalizer").put("type", "Lowercase"),
            root ->
                ((ObjectNode) root.path("pre_tokenizer").path("pretokenizers").path(0))
                    .putObject("pattern")
                    .put("Regex", "\\s+"),
            root -> {
              addToken(root, "<tool>", false);
              ((ObjectNode) root.path("added_tokens").path(1)).put("lstrip", true);
            })) {
      try (HuggingFaceTokenizer tokenizer = open(Rules.CL100K, change)) {
        assertThat(tokenizer.isFast()).isFalse();
      }
    }
  }

  /** An algorithm with quadratic time would take hours. */
  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void longRunsAndLongWordsTakeLinearTime() {
    SplittableRandom random = new SplittableRandom(8);
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < 1 << 20; i++) {
      word.append((char) ('a' + random.nextInt(26)));
    }
    try (HuggingFaceTokenizer tokenizer = open(Rules.CL100K, root -> {})) {
      for (String text : List.of("a".repeat(1 << 20), " ".repeat(1 << 20), word.toString())) {
        assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
      }
    }
  }

  @Test
  void sameIdsOnTheSharedCorpora() {
    try (HuggingFaceTokenizer tokenizer = open(Rules.CL100K, root -> {})) {
      for (Path file : Shared.files(Shared.corpora())) {
        Shared.texts(file).stream().limit(4).forEach(text -> assertSame(tokenizer, text));
      }
    }
  }
}
