package dev.mixlaw.mix.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLinesTest {
  private static final List<Document> DOCUMENTS =
      List.of(new Document("a/1", "One \"line\"\nand é 😀"), new Document("b", "two\u2028\t."));

  @TempDir private Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"made/web.jsonl", "web.jsonl.gz"})
  void readsBackWhatItWrites(String name) {
    Path file = dir.resolve(name);

    JsonLines written = JsonLines.write(file, () -> DocumentStream.of(DOCUMENTS));

    assertThat(written).isEqualTo(new JsonLines(2, 22 + 8));
    List<String> texts = new ArrayList<>();
    try (DocumentStream stream = Corpora.open(Corpus.jsonl(file))) {
      stream.forEachRemaining(document -> texts.add(document.text()));
    }
    assertThat(texts).containsExactly(DOCUMENTS.get(0).text(), DOCUMENTS.get(1).text());
  }

  @Test
  void aFailureKeepsTheOldFile() throws IOException {
    Path file = Files.writeString(dir.resolve("web.jsonl"), "old");
    Iterator<Document> failing =
        Stream.generate(() -> DOCUMENTS.get(0))
            .limit(3)
            .map(
                new UnaryOperator<Document>() {
                  private int read;

                  @Override
                  public Document apply(Document document) {
                    if (++read == 3) {
                      throw new IllegalStateException("the third document is broken");
                    }
                    return document;
                  }
                })
            .iterator();

    assertThatIllegalStateException()
        .isThrownBy(() -> JsonLines.write(file, () -> DocumentStream.of(() -> failing)));

    assertThat(file).hasContent("old");
    try (Stream<Path> files = Files.list(dir)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void anUnwritablePathIsAStorageError() throws IOException {
    Path notADirectory = Files.writeString(dir.resolve("file"), "x");

    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(
            () ->
                JsonLines.write(
                    notADirectory.resolve("web.jsonl"), () -> DocumentStream.of(DOCUMENTS)))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.STORAGE))
        .withMessageContaining("web.jsonl");
  }
}
