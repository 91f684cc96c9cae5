package dev.mixlaw.mix.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.MixlawException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BytePairTokenizerTest {
  private static BytePairTokenizer tokenizer;

  @TempDir Path directory;

  @BeforeAll
  static void train() {
    BytePairTrainer trainer = new BytePairTrainer();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 500; i++) {
      trainer.add(Texts.patchwork(random, 100));
    }
    Texts.HARD.forEach(trainer::add);
    tokenizer = trainer.train(700);
  }

  @Test
  void decodingReturnsEveryText() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 300; i++) {
      String text = Texts.anyCodePoints(random, 100);
      assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
    }
    Texts.HARD.forEach(t -> assertThat(tokenizer.decode(tokenizer.encode(t))).isEqualTo(t));
  }

  @Test
  void isTheSameAfterSavingAndLoading() {
    Path file = directory.resolve("some/tokenizer.json");

    assertThat(tokenizer.save(file)).isTrue();
    BytePairTokenizer loaded = TokenizerJson.readBytePair(file);

    assertThat(loaded.fingerprint()).isEqualTo(tokenizer.fingerprint());
    assertThat(loaded.vocabulary()).isEqualTo(tokenizer.vocabulary());
    assertThat(loaded.endOfText()).isEqualTo(tokenizer.endOfText());
    Texts.HARD.forEach(t -> assertThat(loaded.encode(t)).isEqualTo(tokenizer.encode(t)));
  }

  @Test
  void readsMergesWrittenAsPairsOfTokens() throws IOException {
    Path file = directory.resolve("tokenizer.json");
    tokenizer.save(file);
    ObjectNode json = (ObjectNode) TokenizerJson.read(file);
    ArrayNode merges = (ArrayNode) json.path("model").path("merges");
    for (int i = 0; i < merges.size(); i++) {
      String[] sides = merges.get(i).asText().split(" ", -1);
      merges.set(i, TokenizerJson.JSON.createArrayNode().add(sides[0]).add(sides[1]));
    }
    TokenizerJson.write(json, file);

    assertThat(TokenizerJson.readBytePair(file).fingerprint()).isEqualTo(tokenizer.fingerprint());
  }

  @Test
  void anotherVocabularyHasAnotherFingerprint() {
    BytePairTrainer trainer = new BytePairTrainer();
    Texts.HARD.forEach(trainer::add);

    assertThat(trainer.train(300).fingerprint()).isNotEqualTo(trainer.train(301).fingerprint());
  }

  @Test
  void severalThreadsGetTheSameIds() {
    SplittableRandom random = new SplittableRandom(3);
    List<String> texts =
        IntStream.range(0, 2000).mapToObj(i -> Texts.patchwork(random, 60)).toList();
    List<int[]> alone = texts.stream().map(tokenizer::encode).toList();

    List<int[]> together = texts.parallelStream().map(tokenizer::encode).toList();

    for (int i = 0; i < texts.size(); i++) {
      assertThat(together.get(i)).isEqualTo(alone.get(i));
    }
  }

  @Test
  void cachedPiecesHaveTheSameIds() {
    SplittableRandom random = new SplittableRandom(4);
    // there are more distinct pieces than the cache can hold
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 200_000; i++) {
        tokenizer.encode("w" + i);
      }
    }
    for (int i = 0; i < 1000; i++) {
      String piece = "w" + random.nextInt(200_000);
      assertThat(tokenizer.decode(tokenizer.encode(piece))).isEqualTo(piece);
    }
  }

  @Test
  void bytesThatAreNotUtf8DecodeToTheReplacementCharacter() {
    int first =
        IntStream.range(0, 256)
            .filter(id -> tokenizer.bytes(id)[0] == (byte) 0xC3)
            .findFirst()
            .getAsInt();

    assertThat(tokenizer.decode(new int[] {first})).isEqualTo("\uFFFD");
  }

  @Test
  void anIdBeyondTheVocabularyIsRefused() {
    assertThatThrownBy(() -> tokenizer.decode(new int[] {tokenizer.vocabulary()}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("700");
  }

  @Test
  void aTruncatedFileIsRefusedByName() throws IOException {
    Path file = directory.resolve("tokenizer.json");
    tokenizer.save(file);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));

    assertThatThrownBy(() -> TokenizerJson.readBytePair(file))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("not JSON");
  }

  @Test
  void aMergeOfUnknownTokensIsRefused() throws IOException {
    Path file = directory.resolve("tokenizer.json");
    tokenizer.save(file);
    Files.writeString(
        file, Files.readString(file).replaceFirst("\"merges\" : \\[ \"", "$0\u0100\u0101\u0102 "));

    assertThatThrownBy(() -> TokenizerJson.readBytePair(file))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("merge");
  }
}
