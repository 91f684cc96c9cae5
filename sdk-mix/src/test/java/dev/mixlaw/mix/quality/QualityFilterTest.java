package dev.mixlaw.mix.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.mix.Shared;
import dev.mixlaw.mix.corpus.Corpora;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class QualityFilterTest {
  private static final String GOOD =
      """
      The old harbour lies to the west of the town, and most of its boats have long since gone.
      Fishermen used to mend their nets on the quay with a patience that visitors admired.
      In winter storms came over the wall and flooded the lower streets for days.
      A new breakwater was built after the war, paid for by a tax on every catch.
      Since then nobody has lost a house to the sea, though many remember those who did.
      """;

  private final QualityFilter filter = QualityFilter.gopher().and(QualityFilter.c4());

  private static DocumentSource source(List<String> texts) {
    List<Document> documents = new ArrayList<>();
    texts.forEach(t -> documents.add(new Document("d" + documents.size(), t)));
    return () -> DocumentStream.of(documents);
  }

  private static String numbered(int from, int to, String format) {
    return IntStream.range(from, to)
        .mapToObj(i -> String.format(format, Integer.toString(i * 7919, 36)))
        .collect(Collectors.joining());
  }

  static Stream<Arguments> badTexts() {
    return Stream.of(
        Arguments.of("gopher: words", "The cat sat with the dog and the mouse."),
        Arguments.of("gopher: mean word length", "a b c d e f of to ".repeat(20)),
        Arguments.of("gopher: # per word", GOOD + " #tag".repeat(20)),
        Arguments.of("gopher: ellipses per word", GOOD + " more ...".repeat(20)),
        Arguments.of("gopher: bullet lines", "- " + GOOD.strip().replace("\n", "\n- ")),
        Arguments.of("gopher: lines ending in ellipsis", GOOD.replace(".\n", "...\n")),
        Arguments.of("gopher: words with a letter", GOOD + " 1234".repeat(40)),
        Arguments.of("gopher: stop words", numbered(0, 100, "word%s ")),
        Arguments.of("gopher: duplicate lines", GOOD + "\nand so on\n".repeat(10)),
        Arguments.of(
            "gopher: characters in duplicate lines",
            GOOD
                + GOOD.lines().findFirst().orElseThrow()
                + "\n"
                + GOOD.lines().skip(1).findFirst().orElseThrow()),
        Arguments.of("gopher: top 2-gram", numbered(0, 60, "breakwater harbour of the %s and ")),
        Arguments.of(
            "gopher: top 3-gram", numbered(0, 60, "of the sea a11%1$s b11%1$s c11%1$s d11%1$s ")),
        Arguments.of(
            "gopher: top 4-gram",
            numbered(
                0, 60, "of the old sea a11%1$s b11%1$s c11%1$s d11%1$s e11%1$s f11%1$s g11%1$s ")),
        Arguments.of("c4: lorem ipsum", GOOD + "Lorem ipsum."),
        Arguments.of("c4: brace", GOOD + "if (x) { return; }"),
        Arguments.of("c4: sentences", GOOD.replace('.', ',') + "That is all."),
        Arguments.of(
            "c4: lines ending a sentence", GOOD.replace(", ", ",\n").replace(" the ", "\nthe ")));
  }

  @ParameterizedTest
  @MethodSource("badTexts")
  void eachRuleRejectsItsCase(String rule, String text) {
    Map<String, Long> counts = filter.survey(Corpus.documents("web", source(List.of(text, GOOD))));

    assertThat(counts).containsEntry(QualityFilter.ACCEPTED, 1L).containsEntry(rule, 1L);
    assertThat(counts.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(2);
  }

  /**
   * Returns a text of about a thousand words, most of them with six letters, whose last words
   * repeat an earlier passage.
   *
   * @param words number of repeated words
   */
  private static String repeating(int words) {
    List<String> text = new ArrayList<>(List.of("of", "the"));
    IntStream.range(0, 1000 - words).forEach(i -> text.add(String.format("w%05d", i)));
    text.addAll(text.subList(100, 100 + words));
    return String.join(" ", text);
  }

  @ParameterizedTest
  @CsvSource({"5, 155", "6, 145", "7, 135", "8, 125", "9, 115", "10, 105"})
  void rejectsRepeatedNgramsAboveTheirLimits(int n, int words) {
    QualityFilter gopher = QualityFilter.gopher();

    assertThat(gopher.survey(Corpus.documents("web", source(List.of(repeating(words))))))
        .containsEntry("gopher: duplicate " + n + "-grams", 1L);
    assertThat(gopher.survey(Corpus.documents("web", source(List.of(repeating(95))))))
        .containsEntry(QualityFilter.ACCEPTED, 1L);
  }

  @Test
  void theFilteredCorpusAgreesWithTheSurvey() {
    Corpus web =
        Corpus.documents("web", source(List.of(GOOD, "short", GOOD + "{", GOOD))).natural();

    Corpus clean = filter.apply(web).named("web-clean");

    assertThat(clean.kind()).isEqualTo(web.kind());
    for (int reading = 0; reading < 2; reading++) {
      List<String> ids = new ArrayList<>();
      try (DocumentStream stream = Corpora.open(clean)) {
        stream.forEachRemaining(d -> ids.add(d.id()));
      }
      assertThat(ids).containsExactly("d0", "d3");
    }
    assertThat(filter.survey(web))
        .containsEntry("gopher: words", 1L)
        .containsEntry("c4: brace", 1L)
        .hasSize(26);
  }

  @Test
  void everyWhiteSpaceSeparatesWords() {
    for (String space : List.of("\u00a0", "\u3000", "\u2009", "\u202f", "\u2028")) {
      assertThat(QualityFilter.gopher().accepts(GOOD.replace(" ", space)))
          .as("U+%04x", (int) space.charAt(0))
          .isEqualTo(QualityFilter.gopher().accepts(GOOD));
    }
  }

  @Test
  void twoRulesOfOneNameAreRefused() {
    assertThatThrownBy(() -> QualityFilter.c4().and(QualityFilter.c4()))
        .hasMessageContaining("different names");
    assertThatThrownBy(() -> QualityFilter.rejecting(QualityFilter.ACCEPTED, String::isEmpty))
        .hasMessageContaining("other than accepted");
  }

  @Test
  void aClassifierSeparatesKindsOfText() {
    var root = Shared.corpora();
    List<String> wiki = Shared.texts(root.resolve("natural/train/wiki.jsonl"));
    List<String> chat = Shared.texts(root.resolve("natural/train/chat_irc.jsonl"));

    QualityFilter rule = QualityFilter.trained("en", source(wiki), source(chat), 0.5);
    List<String> good = Shared.texts(root.resolve("natural/valid/wiki.jsonl"));
    List<String> bad = Shared.texts(root.resolve("natural/valid/chat_irc.jsonl"));
    long right =
        good.stream().filter(rule::accepts).count()
            + bad.stream().filter(text -> !rule.accepts(text)).count();
    assertThat((double) right / (good.size() + bad.size())).isGreaterThan(0.97);
  }

  @Test
  void theClassifierDoesNotDependOnTheOrderOfExamples() {
    List<String> good = new ArrayList<>();
    List<String> bad = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      good.add("The treaty of " + i + " ended the war between both kingdoms.");
      bad.add("buy " + i + " cheap pills now click here");
    }
    List<String> shuffled = new ArrayList<>(good);
    Collections.shuffle(shuffled, new Random(3));

    QualityClassifier one = QualityClassifier.train("en", source(good), source(bad));
    QualityClassifier other = QualityClassifier.train("en", source(shuffled), source(bad));
    String text = "The kingdoms signed a treaty.";
    assertThat(one.score(text)).isEqualTo(other.score(text)).isGreaterThan(0.7);
    assertThat(one.score("click here for pills")).isLessThan(0.3);
    assertThat(one.score("")).isBetween(0.0, 1.0);
  }

  @Test
  void aClassifierNeedsExamplesOfBoth() {
    assertThatThrownBy(
            () -> QualityFilter.trained("en", source(List.of("good")), source(List.of()), 0.5))
        .hasMessageContaining("1 good and 0 bad examples");
  }
}
