package dev.mixlaw.mix.shard;

import static java.nio.file.StandardOpenOption.SPARSE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.api.spi.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenShardTest {
  private static final List<Document> DOCUMENTS =
      List.of(
          new Document("1", "first"),
          new Document("2", ""),
          new Document("3", "die dritte, größte"));

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void place() {
    file = directory.resolve("web.tokens");
  }

  /**
   * Returns a tokenizer with one token for each character, whose ids are near the end of the
   * vocabulary.
   */
  private static Tokenizer characters(int vocabulary) {
    return new Tokenizer() {
      @Override
      public String name() {
        return "characters";
      }

      @Override
      public int vocabulary() {
        return vocabulary;
      }

      @Override
      public int endOfText() {
        return vocabulary - 1;
      }

      @Override
      public int[] encode(String text) {
        return text.chars().map(c -> vocabulary - 300 + c).toArray();
      }

      @Override
      public String decode(int[] ids) {
        throw new UnsupportedOperationException();
      }

      @Override
      public String fingerprint() {
        return "characters below " + vocabulary;
      }

      @Override
      public boolean save(Path tokenizerJson) {
        return false;
      }
    };
  }

  private static Corpus web() {
    return Corpus.documents("web", () -> DocumentStream.of(DOCUMENTS)).rephrased("somebody");
  }

  private void write(List<Document> documents, int vocabulary) {
    Shards.write(file, DocumentStream.of(documents), characters(vocabulary));
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 65536, 65537, 200_000})
  void readsBackWhatWasWritten(int vocabulary) {
    write(DOCUMENTS, vocabulary);

    try (TokenShard shard = TokenShard.open(file, web())) {
      assertThat(shard.documents()).isEqualTo(3);
      for (int i = 0; i < 3; i++) {
        String text = DOCUMENTS.get(i).text();
        int[] ids = Arrays.copyOf(characters(vocabulary).encode(text), text.length() + 1);
        ids[text.length()] = vocabulary - 1;
        assertThat(shard.tokens(i)).isEqualTo(ids);
        assertThat(shard.bytes(i)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
      }
      int[] across = new int[4];
      shard.copy(4, across, 1, 3);
      assertThat(across).containsExactly(0, vocabulary - 300 + 't', vocabulary - 1, vocabulary - 1);
    }
  }

  @Test
  void returnsItsFacts() {
    write(DOCUMENTS, 300);

    try (TokenShard shard = TokenShard.open(file, web())) {
      assertThat(shard.facts().name()).isEqualTo("web");
      assertThat(shard.facts().kind()).isEqualTo(CorpusKind.REPHRASED);
      assertThat(shard.facts().generator()).contains("somebody");
      assertThat(shard.facts().documents()).isEqualTo(3);
      assertThat(shard.facts().tokens()).isEqualTo(5 + 1 + 1 + 18 + 1);
      assertThat(shard.facts().bytes()).isEqualTo(5 + 20);
      assertThat(shard.madeBy(characters(300))).isTrue();
      assertThat(shard.madeBy(characters(301))).isFalse();
    }
  }

  @Test
  void storesSkippedRecords() {
    Iterator<Document> documents = DOCUMENTS.iterator();
    DocumentStream stream =
        new DocumentStream() {
          @Override
          public boolean hasNext() {
            return documents.hasNext();
          }

          @Override
          public Document next() {
            return documents.next();
          }

          @Override
          public long skipped() {
            return 2;
          }

          @Override
          public List<String> skippedExamples() {
            return List.of("web.jsonl:7: größer", "web.jsonl:9: kaputt");
          }
        };
    Shards.write(file, stream, characters(300));

    try (TokenShard shard = TokenShard.open(file, web())) {
      assertThat(shard.facts().skipped()).isEqualTo(2);
      assertThat(shard.skippedExamples())
          .containsExactly("web.jsonl:7: größer", "web.jsonl:9: kaputt");
    }
  }

  @Test
  void theFingerprintDependsOnIdsAndTexts() {
    List<String> fingerprints = new ArrayList<>();
    for (List<Document> documents :
        List.of(
            DOCUMENTS,
            List.of(new Document("1", "firs"), new Document("t", "")),
            List.of(new Document("1", "first"), new Document("", "")),
            List.of(new Document("1f", "irst"), new Document("", "")))) {
      write(documents, 300);
      try (TokenShard shard = TokenShard.open(file, web())) {
        fingerprints.add(shard.facts().fingerprint());
      }
    }
    assertThat(fingerprints).doesNotHaveDuplicates();
  }

  @Test
  void storesMoreThanOneBuffer() {
    SplittableRandom random = new SplittableRandom(1);
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      documents.add(new Document("" + i, "x".repeat(random.nextInt(1000))));
    }
    write(documents, 300);

    try (TokenShard shard = TokenShard.open(file, web())) {
      assertThat(shard.facts().tokens()).isGreaterThan(1 << 20);
      for (int i = 0; i < 3000; i++) {
        assertThat(shard.tokens(i)).hasSize(documents.get(i).text().length() + 1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 70_000})
  void severalMappingsReadAsOne(int vocabulary) throws IOException {
    write(DOCUMENTS, vocabulary);
    MappedFile whole = MappedFile.open(file);
    MappedFile parts = MappedFile.open(file, 4);

    int width = ShardHeader.widthFor(vocabulary);
    int[] fromWhole = new int[26];
    int[] fromParts = new int[26];
    whole.copy(ShardHeader.BYTES, width, fromWhole, 0, 26);
    parts.copy(ShardHeader.BYTES, width, fromParts, 0, 26);

    assertThat(fromParts).isEqualTo(fromWhole).contains(vocabulary - 1);
    assertThat(parts.checksum(ShardHeader.BYTES)).isEqualTo(whole.checksum(ShardHeader.BYTES));
    assertThat(parts.longAt(0)).isEqualTo(whole.longAt(0));
  }

  @Test
  void filesBeyondTwoGigabytesAreRead() throws IOException {
    Path large = directory.resolve("large");
    long at = (5L << 29) + 8; // 2.5 GB, in the third mapping; the file is sparse
    try (FileChannel channel =
        FileChannel.open(large, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, SPARSE)) {
      ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      channel.write(number.putLong(0x0807060504030201L).flip(), at);
    }
    MappedFile mapped = MappedFile.open(large);

    assertThat(mapped.size()).isEqualTo(at + 8);
    assertThat(mapped.longAt(at)).isEqualTo(0x0807060504030201L);
    int[] ids = new int[3];
    mapped.copy(at - 2, 2, ids, 0, 3);
    assertThat(ids).containsExactly(0, 0x0201, 0x0403);
  }

  @Test
  void everyTruncationIsFound() throws IOException {
    write(DOCUMENTS, 300);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertUnusable("truncated");
    }
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));
    assertUnusable("too long");
  }

  @Test
  void everyFlippedByteIsFound() throws IOException {
    write(DOCUMENTS, 300);
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      Files.write(file, damaged);
      assertUnusable(at < 8 ? "not a token shard" : at < 12 ? "version" : "damaged");
    }
  }

  @Test
  void aForeignFileIsRefused() throws IOException {
    Files.writeString(file, "{\"text\": \"no shard\"}\n".repeat(100));
    assertUnusable("not a token shard");
  }

  private void assertUnusable(String reason) {
    assertThatThrownBy(() -> TokenShard.open(file, web()))
        .isInstanceOfSatisfying(
            MixlawException.class,
            e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.STORAGE))
        .hasMessageContaining(file.toString())
        .hasMessageContaining(reason);
  }

  @Test
  void anInterruptedWriteLeavesTheOldShardAndNothingElse() throws IOException {
    write(DOCUMENTS, 300);
    byte[] before = Files.readAllBytes(file);
    Iterator<Document> broken =
        new Iterator<>() {
          private int left = 2;

          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public Document next() {
            if (left-- == 0) {
              throw new UncheckedIOException(new IOException("gone"));
            }
            return new Document("x", "y");
          }
        };

    assertThatThrownBy(() -> Shards.write(file, DocumentStream.of(() -> broken), characters(300)))
        .hasMessageContaining("gone");

    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void removesFilesOfAKilledWriter() throws IOException {
    Files.writeString(directory.resolve("web.tokens.123.tmp"), "half");
    Path foreign = Files.writeString(directory.resolve("books.tokens.123.tmp"), "half");

    write(DOCUMENTS, 300);

    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactlyInAnyOrder(file, foreign);
    }
  }

  @Test
  void keepsFilesOfARunningWriter() throws IOException {
    Path other = directory.resolve("web.tokens.123.tmp");
    try (FileChannel channel =
        FileChannel.open(other, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.lock();

      write(DOCUMENTS, 300);

      assertThat(other).exists();
    }
  }

  @Test
  void reportsAnUnwritableDirectory() throws IOException {
    Path notADirectory = Files.writeString(directory.resolve("plain"), "file");
    file = notADirectory.resolve("web.tokens");

    assertThatThrownBy(() -> write(DOCUMENTS, 300))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("web.tokens")
        .hasMessageContaining("cannot be written");
  }

  @Test
  void reportsIdsOutsideTheVocabulary() {
    assertThatThrownBy(() -> write(List.of(new Document("1", "\u0200")), 300))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("characters");
  }

  @Test
  void refusesToReadAClosedShard() {
    write(DOCUMENTS, 300);
    TokenShard shard = TokenShard.open(file, web());
    shard.close();

    assertThatThrownBy(() -> shard.tokens(0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void readingBeyondTheEndIsRefused() {
    write(DOCUMENTS, 300);
    try (TokenShard shard = TokenShard.open(file, web())) {
      assertThatThrownBy(() -> shard.tokens(3)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> shard.copy(20, new int[10], 0, 10))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }
}
