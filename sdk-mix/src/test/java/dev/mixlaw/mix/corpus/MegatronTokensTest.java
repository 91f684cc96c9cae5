package dev.mixlaw.mix.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.token.Tokenizers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MegatronTokensTest {
  private static final Tokenizer TOKENIZER = tokenizer();

  @TempDir private Path dir;

  private static Tokenizer tokenizer() {
    return Tokenizers.train(264, text -> text.accept("the cat sat on the mat and the cat ran"));
  }

  @ParameterizedTest
  @CsvSource({"3, 2", "8, 2", "4, 4", "5, 8"})
  void decodesIdsOfAnyWidthAndDropsTheEndOfText(int code, int width) throws IOException {
    int end = TOKENIZER.endOfText();
    int[] cat = append(TOKENIZER.encode("the cat"), end);
    int[] first = TOKENIZER.encode("über ");
    int[] second = append(TOKENIZER.encode("the mat 漢"), end);
    write(code, width, List.of(cat, first, second), 0, 1, 3);

    List<Document> expected =
        List.of(
            new Document("web_text_document.bin:1", "the cat"),
            new Document("web_text_document.bin:2", "über the mat 漢"));
    assertThat(read("web_text_document")).isEqualTo(expected);
    assertThat(read("web_text_document.idx")).isEqualTo(expected);
    assertThat(read("web_text_document.bin")).isEqualTo(expected);
  }

  @Test
  void readsIndexesLargerThanTheBuffer() throws IOException {
    List<int[]> sequences = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      sequences.add(TOKENIZER.encode("cat " + i));
    }
    write(8, 2, sequences, IntStream.rangeClosed(0, 20_000).toArray());

    List<Document> read = read("web_text_document");

    assertThat(read).hasSize(20_000);
    assertThat(read.get(19_999).text()).isEqualTo("cat 19999");
    assertThat(read.get(9_876)).isEqualTo(new Document("web_text_document.bin:9877", "cat 9876"));
  }

  @Test
  void aDocumentWithoutTextIsSkippedAndCounted() throws IOException {
    write(8, 2, List.of(new int[] {TOKENIZER.endOfText()}, TOKENIZER.encode("cat")), 0, 1, 1, 2);

    try (DocumentStream stream = open("web_text_document")) {
      assertThat(stream.next().id()).isEqualTo("web_text_document.bin:3");
      assertThat(stream.skippedExamples())
          .containsExactly("web_text_document.bin:1: no text", "web_text_document.bin:2: no text");
    }
  }

  @Test
  void idsBeyondTheVocabularyMeanAnotherTokenizer() throws IOException {
    write(8, 2, List.of(TOKENIZER.encode("cat"), new int[] {5, TOKENIZER.vocabulary()}), 0, 1, 2);
    assertRefused("web_text_document.bin:2", "id 264 is outside", "vocabulary of bpe-264 (264");

    write(4, 4, List.of(new int[] {5, -3}), 0, 1);
    assertRefused("negative or too large");
  }

  @Test
  void reportsBothMissingFiles() {
    assertRefused("web_text_document.idx", "web_text_document.bin", "missing");
  }

  @Test
  void reportsAnInvalidIndex() throws IOException {
    write(8, 2, List.of(TOKENIZER.encode("cat"), TOKENIZER.encode("mat")), 0, 1, 2);
    Path idx = dir.resolve("web_text_document.idx");
    Path bin = dir.resolve("web_text_document.bin");
    byte[] good = Files.readAllBytes(idx);
    byte[] tokens = Files.readAllBytes(bin);

    Files.write(bin, Arrays.copyOf(tokens, tokens.length - 1));
    assertRefused(
        "web_text_document.bin", "truncated", tokens.length + " bytes that its index states");
    Files.write(bin, tokens);
    Files.write(idx, Arrays.copyOf(good, good.length - 8));
    assertRefused("truncated", good.length + "");
    Files.write(idx, Arrays.copyOf(good, 20));
    assertRefused("truncated: 20 bytes");
    Files.write(idx, new byte[0]);
    assertRefused("MMIDIDX");
    Files.write(idx, changed(good, 0, 'T'));
    assertRefused("does not begin with MMIDIDX");
    Files.write(idx, changed(good, 9, 2));
    assertRefused("index version 2");
    Files.write(idx, changed(good, 17, 7));
    assertRefused("ids of type 7");
    Files.write(idx, changed(good, 25, 0x40));
    assertRefused("damaged");
    Files.write(idx, changed(good, good.length - 16, 9)); // the second document's first sequence
    assertRefused("damaged index: document 2 begins at sequence 9");
  }

  @Test
  void lengthsThatOverflowAndDocumentsThatGoBackwardsAreErrors() throws IOException {
    int[] cat = TOKENIZER.encode("cat");
    write(8, 2, List.of(cat, cat, cat), 0, 3);
    Path idx = dir.resolve("web_text_document.idx");
    byte[] good = Files.readAllBytes(idx);
    ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).putInt(34 + 4, Integer.MAX_VALUE);
    Files.write(idx, good);
    assertRefused("1 skipped", "its ids take more than");

    write(8, 2, List.of(cat, cat, cat), 2, 1, 3);
    assertRefused("damaged index: document 1 ends at sequence 1, before its start at sequence 2");
  }

  private static byte[] changed(byte[] bytes, int at, int value) {
    byte[] other = bytes.clone();
    other[at] = (byte) value;
    return other;
  }

  private static int[] append(int[] ids, int id) {
    int[] more = Arrays.copyOf(ids, ids.length + 1);
    more[ids.length] = id;
    return more;
  }

  /** Writes token and index files as Megatron's {@code MMapIndexedDatasetBuilder} does. */
  private void write(int code, int width, List<int[]> sequences, int... firsts) throws IOException {
    int ids = sequences.stream().mapToInt(s -> s.length).sum();
    ByteBuffer bin = buffer(ids * width);
    ByteBuffer idx = buffer(34 + 12 * sequences.size() + 8 * firsts.length);
    idx.put("MMIDIDX\0\0".getBytes(StandardCharsets.US_ASCII)).putLong(1).put((byte) code);
    idx.putLong(sequences.size()).putLong(firsts.length);
    sequences.forEach(s -> idx.putInt(s.length));
    for (int[] sequence : sequences) {
      idx.putLong(bin.position());
      for (int id : sequence) {
        switch (width) {
          case 2 -> bin.putShort((short) id);
          case 4 -> bin.putInt(id);
          default -> bin.putLong(id);
        }
      }
    }
    Arrays.stream(firsts).forEach(idx::putLong);
    Files.write(dir.resolve("web_text_document.bin"), bin.array());
    Files.write(dir.resolve("web_text_document.idx"), idx.array());
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void assertRefused(String... said) {
    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(() -> read("web_text_document"))
        .satisfies(e -> assertThat(e.getMessage()).contains("corpus web").contains(said));
  }

  private DocumentStream open(String name) {
    return Corpora.open(MegatronTokens.of(dir.resolve(name), TOKENIZER).corpus("web"));
  }

  private List<Document> read(String name) {
    List<Document> all = new ArrayList<>();
    try (DocumentStream stream = open(name)) {
      stream.forEachRemaining(all::add);
    }
    return all;
  }
}
