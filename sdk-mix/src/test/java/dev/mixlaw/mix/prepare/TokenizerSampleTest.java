package dev.mixlaw.mix.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.mix.internal.Contamination;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenizerSampleTest {
  private static final TextReader READER = TextReader.LOCAL;

  private static TextSummary survey(List<String> texts) {
    List<Document> documents =
        IntStream.range(0, texts.size()).mapToObj(i -> new Document("" + i, texts.get(i))).toList();
    Corpus corpus = Corpus.documents("c", () -> DocumentStream.of(documents));
    TextSummary text = new TextSummary(new TextSource("corpus", corpus), StudyListener.none());
    text.readCorpus(READER, new Contamination());
    return text;
  }

  private static List<String> drawn(List<TextSummary> texts, long bytes) {
    List<String> pieces = new ArrayList<>();
    TokenizerSample.draw(READER, texts, bytes, pieces::add);
    return pieces;
  }

  private static long bytes(List<String> pieces) {
    return pieces.stream().mapToLong(p -> p.getBytes(StandardCharsets.UTF_8).length).sum();
  }

  @Test
  void textsHaveEqualQuotasUnlessTheyAreTooSmall() {
    assertThat(TokenizerSample.quotas(new long[] {1000, 1000}, 500)).containsExactly(250, 250);
    assertThat(TokenizerSample.quotas(new long[] {1000, 10, 1000}, 510))
        .containsExactly(250, 10, 250);
    assertThat(TokenizerSample.quotas(new long[] {5, 10}, 500)).containsExactly(5, 10);
  }

  @Test
  void samplesAreSpreadOverAllDocuments() {
    List<String> texts = IntStream.range(0, 1000).mapToObj(i -> "document " + i + " ").toList();

    List<String> pieces = drawn(List.of(survey(texts)), 1300);

    assertThat(bytes(pieces)).isBetween(1300L, 1320L);
    List<Integer> taken = pieces.stream().map(texts::indexOf).toList();
    for (int tenth = 0; tenth < 10; tenth++) {
      int from = 100 * tenth;
      assertThat(taken.stream().filter(i -> i >= from && i < from + 100).count())
          .isBetween(8L, 12L);
    }
  }

  @Test
  void samplesAreSpreadOverALongDocument() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      text.append(i).append(' ');
    }
    List<String> pieces = drawn(List.of(survey(List.of(text.toString()))), 60_000);

    assertThat(bytes(pieces)).isBetween(60_000L, 65_000L);
    List<Integer> starts =
        pieces.stream().map(p -> Integer.parseInt(p.strip().split(" ", -1)[0])).toList();
    assertThat(starts).isSorted();
    assertThat(starts.get(0)).isZero();
    assertThat(starts.get(starts.size() - 1)).isGreaterThan(85_000);
  }

  @Test
  void piecesAreCutBetweenWordsAndNeverWithinACharacter() {
    String words = "word ".repeat(5000);
    String emoji = "x" + "😀".repeat(20_000);

    for (String text : List.of(words, emoji)) {
      List<String> pieces = drawn(List.of(survey(List.of(text))), Long.MAX_VALUE / 4);
      assertThat(String.join("", pieces)).isEqualTo(text);
      assertThat(pieces).hasSizeGreaterThan(5);
      assertThat(pieces)
          .allMatch(
              p ->
                  p.equals(new String(p.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)));
    }
    assertThat(drawn(List.of(survey(List.of(words))), 1 << 20).subList(1, 3))
        .allMatch(p -> p.startsWith(" word") && p.endsWith("word"));
  }
}
