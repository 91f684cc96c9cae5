package dev.mixlaw.mix.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.mix.internal.Shingles;
import dev.mixlaw.mix.internal.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplittingTest {

  private static HeldOut split(List<Document> documents, long seed) {
    return HeldOut.split(source(documents), seed, 20_000, 1_000);
  }

  @Test
  void shinglesAreRunsOfThirteenWordsWhateverTheCaseAndPunctuation() {
    String words = "a b c d e f g h i j k l m";

    assertThat(Shingles.of(words + " n")).hasSize(2);
    assertThat(Shingles.of("A, b: c\nd-e (f) g h i j k l M.")).isEqualTo(Shingles.of(words));
    assertThat(Shingles.of("x " + words + " n")).contains(Shingles.of(words + " n"));
    assertThat(Shingles.of("two words")).hasSize(1);
    assertThat(Shingles.of("... !")).isEmpty();
  }

  @Test
  void everyDocumentIsInOneSplit() {
    List<Document> all = documents(400, 100);

    HeldOut split = split(all, 7);

    List<Document> training = drain(split.training());
    assertThat(split.dropped()).isEmpty();
    assertThat(Stream.concat(training.stream(), split.validation().stream()).map(Document::id))
        .containsExactlyInAnyOrderElementsOf(all.stream().map(Document::id).toList());
    int bytes = split.validation().stream().mapToInt(d -> Utf8.length(d.text())).sum();
    assertThat(bytes).isBetween(20_000, 21_000);
    assertThat(drain(split.training())).isEqualTo(training);
  }

  @Test
  void theSelectionDependsOnSeedAndIdsOnly() {
    List<Document> all = documents(400, 100);
    List<Document> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, new Random(1));

    Set<Document> chosen = new HashSet<>(split(all, 7).validation());

    assertThat(new HashSet<>(split(shuffled, 7).validation())).isEqualTo(chosen);
    assertThat(new HashSet<>(split(all, 8).validation())).isNotEqualTo(chosen);
  }

  @Test
  void longDocumentsAreCutAtALineForValidationAndLeftWholeForTraining() {
    List<Document> all = documents(60, 1_000);

    HeldOut split = split(all, 7);

    assertThat(split.validation())
        .isNotEmpty()
        .allSatisfy(
            document -> {
              Document whole = all.get(Integer.parseInt(document.id()));
              assertThat(Utf8.length(document.text())).isBetween(500, 1_000);
              assertThat(whole.text()).startsWith(document.text() + "\n");
            });
    assertThat(all).containsAll(drain(split.training()));
  }

  @Test
  void dropsValidationDocumentsThatOccurInTrainingText() {
    List<Document> all = new ArrayList<>(documents(400, 100));
    List<Document> chosen = split(all, 7).validation();
    Document copied = chosen.get(0);
    Document quoted = chosen.get(1);
    Document half = chosen.get(2);
    all.add(new Document("copy", copied.text().toUpperCase(Locale.ROOT)));
    all.add(new Document("quote", firstWords(quoted.text(), 20)));
    all.add(new Document("half", firstWords(half.text(), 60)));

    HeldOut split = split(all, 7);

    List<Document> training = drain(split.training());
    assertThat(training).extracting(Document::id).contains("copy", "quote", "half");
    assertThat(split.dropped()).containsExactlyInAnyOrder(copied.id(), half.id());
    assertThat(split.validation()).contains(quoted).doesNotContain(copied, half);
    assertThat(training).doesNotContain(copied, half);
  }

  @Test
  void keepsTheFirstOfNearDuplicates() {
    String text = documents(1, 200).get(0).text();
    List<Document> family =
        List.of(
            new Document("v1", text),
            new Document("v1 again", text),
            new Document("v2", firstWords(text, 150) + " and a new end of a few words"),
            new Document("other", documents(2, 200).get(1).text()),
            new Document("short", "Too short for a shingle."),
            new Document("SHORT", "too short, for a shingle"));

    assertThat(drain(Corpora.withoutNearDuplicates(source(family), 0.5)))
        .extracting(Document::id)
        .containsExactly("v1", "other", "short");
    assertThat(drain(Corpora.withoutNearDuplicates(source(family), 1))).hasSize(6);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Corpora.withoutNearDuplicates(source(family), Double.NaN));
  }

  @ParameterizedTest
  @CsvSource({"a, 1", "é, 2", "€, 3", "😀, 4", "né 1€ 😀, 13"})
  void bytesAreCountedAsEncoded(String text, int bytes) {
    assertThat(Utf8.length(text))
        .isEqualTo(bytes)
        .isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void textIsCutBetweenParagraphsElseLinesElseWordsElseCharacters() {
    assertThat(Utf8.cut("one two\n\nthree\nfour", 14)).isEqualTo("one two");
    assertThat(Utf8.cut("one two\nthree four", 14)).isEqualTo("one two");
    assertThat(Utf8.cut("one two three", 9)).isEqualTo("one two");
    assertThat(Utf8.cut("onetwothree", 6)).isEqualTo("onetwo");
    assertThat(Utf8.cut("ab😀", 5)).isEqualTo("ab");
    assertThat(Utf8.cut("short", 5)).isEqualTo("short");
  }

  private static String firstWords(String text, int words) {
    return String.join(" ", List.of(text.split("\\s+")).subList(0, words));
  }

  /** Returns documents with ids from "0" on. Each has its own random words, ten on a line. */
  private static List<Document> documents(int count, int words) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              Random random = new Random(i);
              StringBuilder text = new StringBuilder();
              for (int w = 0; w < words; w++) {
                text.append(Integer.toString(random.nextInt(1 << 20), 36))
                    .append(w % 10 == 9 ? "\n" : " ");
              }
              return new Document(Integer.toString(i), text.toString().strip());
            })
        .toList();
  }

  private static DocumentSource source(List<Document> documents) {
    return () -> DocumentStream.of(documents);
  }

  private static List<Document> drain(DocumentSource source) {
    List<Document> all = new ArrayList<>();
    try (DocumentStream stream = source.open()) {
      stream.forEachRemaining(all::add);
    }
    return all;
  }
}
