package dev.mixlaw.mix.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.Shared;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that the tokenizer gives the same ids as Hugging Face's library with the file that it
 * saves.
 */
class HuggingFaceParityTest {
  private static BytePairTokenizer ours;
  private static Tokenizer theirs;

  @BeforeAll
  static void trainOnAllKindsOfText(@TempDir Path directory) {
    BytePairTrainer trainer = new BytePairTrainer();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 60; i++) {
      Texts.HARD.forEach(trainer::add);
      trainer.add(Texts.patchwork(random, 200));
    }
    ours = trainer.train(2000);
    Path file = directory.resolve("tokenizer.json");
    ours.save(file);
    try {
      HuggingFaceTokenizer.loadNatives();
    } catch (MixlawException e) {
      Assumptions.abort(e.getMessage());
    }
    theirs = HuggingFaceTokenizer.open(TokenizerJson.read(file), file);
  }

  @AfterAll
  static void close() {
    if (theirs != null) {
      theirs.close();
    }
  }

  private static void assertSame(String text) {
    int[] ids = ours.encode(text);
    assertThat(ids)
        .as("ids of %s", text.codePoints().boxed().toList())
        .isEqualTo(theirs.encode(text));
    assertThat(ours.decode(ids)).isEqualTo(text);
  }

  @Test
  void sameIdsOnHardTexts() {
    Texts.HARD.forEach(HuggingFaceParityTest::assertSame);
  }

  @Test
  void sameIdsOnAnyCodePoints() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 300; i++) {
      assertSame(Texts.anyCodePoints(random, 300));
    }
  }

  @Test
  void sameIdsWhereNeighboursDecide() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 2000; i++) {
      assertSame(Texts.patchwork(random, 20));
    }
  }

  @Test
  void specialTokensInDocumentsAreOrdinaryText() {
    String text = "the end <|endoftext|> of<|endoftext|>";

    assertSame(text);
    assertThat(ours.encode(text)).doesNotContain(ours.endOfText());
  }

  /** In files of other trainers, a merge may come before the merges that create its parts. */
  @Test
  void sameIdsWhateverTheOrderOfMerges(@TempDir Path directory) {
    Path file = directory.resolve("tokenizer.json");
    ours.save(file);
    ObjectNode json = (ObjectNode) TokenizerJson.read(file);
    List<JsonNode> merges = new ArrayList<>();
    json.path("model").path("merges").forEach(merges::add);
    Collections.shuffle(merges, new Random(4));
    ((ObjectNode) json.path("model")).putArray("merges").addAll(merges);
    TokenizerJson.write(json, file);
    BytePairTokenizer shuffled = TokenizerJson.readBytePair(file);
    SplittableRandom random = new SplittableRandom(4);

    try (Tokenizer library = HuggingFaceTokenizer.open(json, file)) {
      int different = 0;
      for (int i = 0; i < 1000; i++) {
        String text = Texts.patchwork(random, 30);
        assertThat(shuffled.encode(text)).isEqualTo(library.encode(text));
        different += Arrays.equals(shuffled.encode(text), ours.encode(text)) ? 0 : 1;
      }
      for (String text : Texts.HARD) {
        assertThat(shuffled.encode(text)).isEqualTo(library.encode(text));
      }
      assertThat(different).isGreaterThan(100);
    }
  }

  @Test
  void sameIdsOnTheSharedCorpora(@TempDir Path directory) {
    List<Path> files = Shared.files(Shared.corpora());
    BytePairTrainer trainer = new BytePairTrainer();
    for (Path file : files) {
      Shared.texts(file).stream().limit(10).forEach(trainer::add);
    }
    BytePairTokenizer trained = trainer.train(4096);
    Path json = directory.resolve("tokenizer.json");
    trained.save(json);
    try (Tokenizer library = HuggingFaceTokenizer.open(TokenizerJson.read(json), json)) {
      for (Path file : files) {
        List<String> texts = Shared.texts(file);
        for (String text : texts.subList(Math.max(0, texts.size() - 4), texts.size())) {
          assertThat(trained.encode(text)).as("a text of %s", file).isEqualTo(library.encode(text));
        }
      }
    }
  }
}
