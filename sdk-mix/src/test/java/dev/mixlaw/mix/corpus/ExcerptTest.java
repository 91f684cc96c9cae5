package dev.mixlaw.mix.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExcerptTest {
  @TempDir Path directory;

  private static Corpus of(List<Document> documents) {
    return Corpus.documents("all", () -> DocumentStream.of(documents));
  }

  private static List<Document> read(Corpus corpus) {
    List<Document> documents = new ArrayList<>();
    try (DocumentStream stream = Corpora.open(corpus)) {
      stream.forEachRemaining(documents::add);
    }
    return documents;
  }

  private static long bytes(List<Document> documents) {
    return documents.stream().mapToLong(d -> d.text().length()).sum();
  }

  @Test
  void anExcerptHasTheRequestedSizeAndIsSpreadEvenly() {
    SplittableRandom random = new SplittableRandom(1);
    List<Document> all = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      all.add(new Document("d" + i, "x".repeat(1 + random.nextInt(2000))));
    }

    List<Document> excerpt = read(of(all).excerpt(100_000));

    assertThat(bytes(excerpt)).isBetween(98_000L, 102_000L);
    assertThat(excerpt).isSubsetOf(all);
    for (int quarter = 0; quarter < 4; quarter++) {
      List<Document> part = all.subList(quarter * 250, quarter * 250 + 250);
      List<Document> taken = part.stream().filter(excerpt::contains).toList();
      double expected = 100_000.0 * bytes(part) / bytes(all);
      assertThat((double) bytes(taken)).isBetween(expected - 2000, expected + 2000);
    }
    assertThat(read(of(all).excerpt(100_000))).isEqualTo(excerpt);
  }

  @Test
  void anExcerptOfASmallCorpusIsTheWholeCorpus() {
    List<Document> two = List.of(new Document("a", "one"), new Document("b", "two"));

    assertThat(read(of(two).excerpt(6))).isEqualTo(two);
    assertThat(read(of(two).excerpt(1000))).isEqualTo(two);
  }

  @Test
  void anExcerptHasAtLeastOneDocument() {
    List<Document> two = List.of(new Document("a", "one"), new Document("b", "two"));

    assertThat(read(of(two).excerpt(1))).hasSize(1);
  }

  @Test
  void anExcerptKeepsTheSettingsOfItsFiles() throws IOException {
    Path file = directory.resolve("t.jsonl");
    Files.writeString(
        file, "{\"body\":\"one\"}\n{\"body\":\"two\"}\nbroken\n{\"body\":\"three\"}\n");
    Corpus excerpt = Corpus.jsonl(file).excerpt(7).textField("body");

    assertThat(read(excerpt)).extracting(Document::text).contains("three").hasSizeBetween(1, 2);
    assertThatThrownBy(() -> read(excerpt.badRecordFraction(0))).hasMessageContaining("t.jsonl");
  }
}
