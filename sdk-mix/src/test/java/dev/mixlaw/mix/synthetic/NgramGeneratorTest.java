package dev.mixlaw.mix.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.spi.TextGenerator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NgramGeneratorTest {
  @Test
  void theNextTokenIsDrawnFromTheInterpolatedModel() {
    // "a b" is followed by c three times and by d once; b after other tokens is followed by e four
    // times
    DocumentSource text = documents("x a b c a b c a b c a b d x b e x b e x b e x b e");
    NgramGenerator trigram = NgramGenerator.train(text, 3);
    Map<String, Integer> counts = new TreeMap<>();
    int draws = 20_000;

    for (int seed = 0; seed < draws; seed++) {
      counts.merge(next(trigram, " a b", seed), 1, Integer::sum);
    }

    // p(w | a b) = (count(a b w) + 2 p(w | b)) / (4 + 2), p(c, d, e | b) = 3/8, 1/8, 4/8
    assertThat(counts.keySet()).containsExactly(" c", " d", " e");
    assertThat(counts.get(" c") / (double) draws).isCloseTo((3 + 0.75) / 6, within(0.015));
    assertThat(counts.get(" d") / (double) draws).isCloseTo((1 + 0.25) / 6, within(0.015));
    assertThat(counts.get(" e") / (double) draws).isCloseTo(1.0 / 6, within(0.015));
  }

  @Test
  void continuesAnUnknownHistoryWithAnyToken() {
    NgramGenerator bigram = NgramGenerator.train(documents("one two end"), 2);
    Set<String> seen = new HashSet<>();
    for (int seed = 0; seed < 200; seed++) {
      seen.add(next(bigram, " end", seed));
    }

    assertThat(seen).containsExactlyInAnyOrder("one", " two", " end");
  }

  @Test
  void documentsKeepPunctuationParagraphsAndLengthsOfTheirModels() {
    String one = "The cat sat on the mat. It slept.\n\nThe dog, too, slept (well).";
    NgramGenerator generator = NgramGenerator.train(documents(one, one, one), 3);

    List<String> written = new ArrayList<>();
    for (int seed = 0; seed < 50; seed++) {
      written.add(generator.document(seed));
    }

    assertThat(written)
        .allSatisfy(
            text -> {
              assertThat(text).matches("(?s)(The|It) .*[.]").doesNotContain(" .", "( ");
              assertThat(text.split("\\W+").length).isBetween(5, 80);
            })
        .anyMatch(text -> text.contains("\n\nThe dog, too,"));
  }

  @Test
  void theSameSeedWritesTheSame() {
    DocumentSource text = documents("a b a c a d b c b d c d a a b b c c d d ".repeat(20));
    NgramGenerator one = NgramGenerator.train(text, 3);
    NgramGenerator two = NgramGenerator.train(text, 3);

    assertThat(one.document(5)).isEqualTo(two.document(5)).isNotEqualTo(one.document(6));
    assertThat(one.name()).isEqualTo("ngram-3");
  }

  @Test
  void refusesUnsupportedSettings() {
    NgramGenerator generator = NgramGenerator.train(documents("some text"), 3);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> generator.generate("", new TextGenerator.Settings(5, 0.5, 1)))
        .withMessageContaining("temperature");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NgramGenerator.train(documents("some text"), 1))
        .withMessageContaining("order");
    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(() -> NgramGenerator.train(documents(" \n"), 3))
        .withMessageContaining("no document with a word");
  }

  @Test
  void writesDocumentsUpToANumberOfBytes() {
    NgramGenerator generator = NgramGenerator.train(documents("ten bytes.", "ten bytes."), 2);

    List<Document> written = drain(generator.documents("w/", 25, 1));

    assertThat(written)
        .extracting(Document::id)
        .containsExactly("w/000000", "w/000001", "w/000002");
    assertThat(written).allMatch(d -> d.text().equals("ten bytes."));
    assertThat(drain(generator.documents("w/", 25, 1))).isEqualTo(written);
  }

  private static String next(NgramGenerator generator, String prompt, long seed) {
    return generator.generate(prompt, new TextGenerator.Settings(1, 1, seed));
  }

  private static DocumentSource documents(String... texts) {
    List<Document> documents = new ArrayList<>();
    for (String text : texts) {
      documents.add(new Document(Integer.toString(documents.size()), text));
    }
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
