package dev.mixlaw.mix.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.internal.Contamination;
import dev.mixlaw.mix.internal.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A text in several files, which are prepared independently, is prepared like a single source. */
class TextPartsTest {
  @TempDir Path directory;

  private static String text(SplittableRandom random, int words) {
    StringBuilder text = new StringBuilder();
    for (int w = 0; w < words; w++) {
      text.append("word").append(random.nextInt(2000)).append(w % 9 == 8 ? ". " : " ");
    }
    return text.toString();
  }

  /** Files of very different sizes, one of which is longer than a batch. */
  private Corpus files() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    Path folder = Files.createDirectories(directory.resolve("web"));
    int[] documents = {3, 0, 250, 1, 40};
    for (int file = 0; file < documents.length; file++) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < documents[file]; i++) {
        lines.append("{\"text\": \"").append(text(random, 20 + random.nextInt(1500)));
        lines.append(i % 30 == 5 ? "malformed\n" : "\"}\n");
      }
      Files.writeString(folder.resolve(file + ".jsonl"), lines);
    }
    return Corpus.jsonl(folder);
  }

  private PreparedData prepare(Corpus corpus, String into) {
    List<Document> held = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(2);
    IntStream.range(0, 30).forEach(i -> held.add(new Document("" + i, text(random, 50))));
    return new StudyPreparer()
        .prepare(
            Study.named("s")
                .mixtures(Mixture.of(corpus))
                .tokenizer(TokenizerSpec.trainedBpe(400, 100_000))
                .evaluateOn(Domains.of(Corpus.documents("d", () -> DocumentStream.of(held)))),
            directory.resolve(into),
            StudyListener.none());
  }

  @Test
  void filesArePreparedLikeASingleSource() throws IOException {
    Corpus files = files();
    List<Document> documents = new ArrayList<>();
    Documents.each(Corpora.open(files), documents::add);
    Corpus single = Corpus.documents("web", () -> DocumentStream.of(documents));

    try (PreparedData parts = prepare(files, "parts");
        PreparedData whole = prepare(single, "whole")) {
      assertThat(parts.tokenizer().fingerprint()).isEqualTo(whole.tokenizer().fingerprint());
      TokenizedText a = parts.corpora().get(0);
      TokenizedText b = whole.corpora().get(0);
      assertThat(a.documents()).isEqualTo(b.documents()).isGreaterThan(250);
      for (int i = 0; i < a.documents(); i++) {
        assertThat(a.tokens(i)).isEqualTo(b.tokens(i));
        assertThat(a.bytes(i)).isEqualTo(b.bytes(i));
      }
      assertThat(a.facts().skipped()).isEqualTo(11);
      assertThat(parts.warnings()).singleElement().asString().contains("web", "11 malformed");
    }
  }

  /** The part of the sample that is drawn from a part depends on the parts before it. */
  @Test
  void theTokenizersSampleIsThatOfASingleSource() throws IOException {
    Corpus files = files();
    List<Document> documents = new ArrayList<>();
    Documents.each(Corpora.open(files), documents::add);

    List<String> sample = sample(files, 300_000);

    assertThat(sample)
        .isEqualTo(sample(Corpus.documents("web", () -> DocumentStream.of(documents)), 300_000));
    assertThat(String.join("", sample).length()).isBetween(300_000, 305_000);
  }

  private static List<String> sample(Corpus corpus, long bytes) {
    TextReader reader = TextReader.LOCAL;
    TextSummary text = new TextSummary(new TextSource("corpus", corpus), StudyListener.none());
    text.readCorpus(reader, new Contamination());
    List<String> pieces = new ArrayList<>();
    TokenizerSample.draw(reader, List.of(text), bytes, pieces::add);
    return pieces;
  }

  /** Records from the first to the last file, in each of which some are malformed. */
  @ParameterizedTest
  @CsvSource({"0, 0, 1, 0", "0.01, 90, 20, 0", "0.05, 20, 140, 160", "0.5, 60, 300, 1"})
  void malformedRecordsAreLimitedAsInASingleReading(
      double fraction, int first, int second, int third) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("web"));
    int[] malformed = {first, second, third};
    for (int file = 0; file < malformed.length; file++) {
      String good = "{\"text\": \"good\"}\n".repeat(100);
      Files.writeString(folder.resolve(file + ".jsonl"), good + "bad\n".repeat(malformed[file]));
    }
    Corpus corpus = Corpus.jsonl(folder).badRecordFraction(fraction);
    Throwable expected = catchThrowable(() -> Documents.each(Corpora.open(corpus), d -> {}));

    Throwable found = catchThrowable(() -> prepare(corpus, "parts"));

    assertThat(expected).hasMessageContaining("malformed records");
    assertThat(found).hasMessage(expected.getMessage());
  }

  @Test
  void aTextWithoutDocumentsIsRefusedAsInASingleReading() throws IOException {
    Path folder = Files.createDirectories(directory.resolve("web"));
    Files.writeString(folder.resolve("1.jsonl"), "\n");
    Files.writeString(folder.resolve("2.jsonl"), "{\"text\": \" \"}\n");
    Corpus corpus = Corpus.jsonl(folder);
    Throwable expected = catchThrowable(() -> Documents.each(Corpora.open(corpus), d -> {}));

    assertThat(catchThrowable(() -> prepare(corpus, "parts"))).hasMessage(expected.getMessage());
  }
}
