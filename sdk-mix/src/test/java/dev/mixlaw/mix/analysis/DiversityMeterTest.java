package dev.mixlaw.mix.analysis;

import static dev.mixlaw.api.results.TextDiversity.Measure.COMPRESSION_RATIO;
import static dev.mixlaw.api.results.TextDiversity.Measure.DISTINCT_1;
import static dev.mixlaw.api.results.TextDiversity.Measure.DISTINCT_2;
import static dev.mixlaw.api.results.TextDiversity.Measure.DISTINCT_3;
import static dev.mixlaw.api.results.TextDiversity.Measure.ENTROPY;
import static dev.mixlaw.api.results.TextDiversity.Measure.SELF_BLEU;
import static dev.mixlaw.api.results.TextDiversity.Measure.SUPPORT;
import static dev.mixlaw.api.results.TextDiversity.Measure.TAIL_MASS;
import static dev.mixlaw.api.results.TextDiversity.Measure.TYPES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.TextDiversity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DiversityMeterTest {
  /**
   * Returns documents of words whose ranks are log-uniform from 1 to e^spread; with a smaller
   * spread, the rarest words are missing.
   */
  private static List<Document> documents(int number, double spread, long seed) {
    Random random = new Random(seed);
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      StringBuilder text = new StringBuilder();
      for (int w = 0; w < 100; w++) {
        text.append('w').append((int) Math.exp(random.nextDouble() * spread)).append(' ');
      }
      documents.add(new Document("d" + i, text.toString()));
    }
    return documents;
  }

  private static DocumentSource source(List<Document> documents) {
    return () -> DocumentStream.of(documents);
  }

  @Test
  void measuresOfATextCountedByHand() {
    // 20 documents of a, b, a, c; the reference has a 60 times, b and c 19 times, and d and e once
    List<Document> text = new ArrayList<>();
    List<Document> reference = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      text.add(new Document("t" + i, "a b a c"));
      reference.add(new Document("r" + i, i == 0 ? "a d a e a" : "a b a c a"));
    }

    TextDiversity found = DiversityMeter.measure(source(text), source(reference), 80).orElseThrow();

    assertThat(found.documents()).isEqualTo(20);
    assertThat(found.words()).isEqualTo(80);
    assertThat(found.of(ENTROPY).value())
        .isCloseTo(0.5 * Math.log(2) + 0.5 * Math.log(4), within(1e-12));
    assertThat(found.of(DISTINCT_2).value()).isEqualTo(3.0 / 60);
    assertThat(found.of(TYPES).value()).isEqualTo(3);
    assertThat(found.of(DISTINCT_1).value()).isEqualTo(3.0 / 80);
    assertThat(found.of(DISTINCT_3).value()).isEqualTo(2.0 / 40);
    assertThat(found.of(COMPRESSION_RATIO).value()).isBetween(5.0, 20.0);
    assertThat(found.of(SELF_BLEU).value()).isCloseTo(1, within(1e-12));
    assertThat(found.of(TAIL_MASS).value()).isZero(); // neither d nor e
    assertThat(found.of(SUPPORT).value()).isIn(3.0 / 5, 1.0); // d and e may be in the sample
  }

  @Test
  void everyMeasureShowsALostTail() {
    DocumentSource natural = source(documents(600, 8, 1));
    DocumentSource poorer = source(documents(600, 6, 2));

    TextDiversity before =
        DiversityMeter.measure(source(documents(600, 8, 3)), natural, 50_000).orElseThrow();
    TextDiversity after = DiversityMeter.measure(poorer, natural, 50_000).orElseThrow();

    assertThat(below(after.of(SUPPORT), before.of(SUPPORT))).isTrue();
    assertThat(below(after.of(TAIL_MASS), before.of(TAIL_MASS))).isTrue();
    assertThat(below(after.of(ENTROPY), before.of(ENTROPY))).isTrue();
    assertThat(below(after.of(DISTINCT_2), before.of(DISTINCT_2))).isTrue();
    assertThat(below(after.of(TYPES), before.of(TYPES))).isTrue();
    assertThat(below(after.of(DISTINCT_1), before.of(DISTINCT_1))).isTrue();
    assertThat(below(after.of(DISTINCT_3), before.of(DISTINCT_3))).isTrue();
    assertThat(below(before.of(SELF_BLEU), after.of(SELF_BLEU))).isTrue();
    assertThat(below(before.of(COMPRESSION_RATIO), after.of(COMPRESSION_RATIO))).isTrue();
    // Rare words are those that make up a tenth of the reference. They are slightly more frequent
    // in other text of the same kind, because they were selected by their low counts in the
    // reference.
    assertThat(before.of(TAIL_MASS).value()).isBetween(0.09, 0.13);
  }

  private static boolean below(Estimate lower, Estimate upper) {
    return lower.interval().high() < upper.interval().low();
  }

  @Test
  void resultsDoNotDependOnTheOrderOfDocuments() {
    List<Document> documents = documents(300, 8, 1);
    List<Document> shuffled = new ArrayList<>(documents);
    Collections.shuffle(shuffled, new Random(2));
    DocumentSource natural = source(documents(300, 8, 5));

    assertThat(DiversityMeter.measure(source(shuffled), natural, 20_000))
        .isEqualTo(DiversityMeter.measure(source(documents), natural, 20_000));
  }

  @Test
  void tooLittleTextIsRefused() {
    DocumentSource some = source(documents(30, 8, 1));

    assertThat(DiversityMeter.measure(some, some, 3000).toOptional()).isPresent();
    assertThat(DiversityMeter.measure(some, some, 3001))
        .hasToString(
            "diversity of a text: refused, the text has 3000 words and the reference 3000;"
                + " provide 3001 words of each text, or request fewer words");
    assertThat(DiversityMeter.measure(some, some, 500).toString())
        .contains("500 words come from 5 documents");
  }
}
