package dev.mixlaw.mix.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Estimate;
import dev.mixlaw.api.TextDiversity;
import dev.mixlaw.api.spi.TextMeter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class DiversityMeterTest {
  private final TextMeter meter = new DiversityMeter();

  /** Words of a vocabulary whose rarest are the rarer, the smaller the spread. */
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
  void figuresOfATextCountedByHand() {
    // 20 documents of a, b, a, c; the reference has a 60 times, b and c 19 times, and d and e once
    List<Document> text = new ArrayList<>();
    List<Document> reference = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      text.add(new Document("t" + i, "a b a c"));
      reference.add(new Document("r" + i, i == 0 ? "a d a e a" : "a b a c a"));
    }

    TextDiversity found = meter.measure(source(text), source(reference), 80).orElseThrow();

    assertThat(found.documents()).isEqualTo(20);
    assertThat(found.words()).isEqualTo(80);
    assertThat(found.entropy().value())
        .isCloseTo(0.5 * Math.log(2) + 0.5 * Math.log(4), within(1e-12));
    assertThat(found.distinct().value()).isEqualTo(3.0 / 60);
    assertThat(found.selfBleu().value()).isCloseTo(1, within(1e-12));
    assertThat(found.tailMass().value()).isZero(); // neither d nor e
    assertThat(found.support().value()).isIn(3.0 / 5, 1.0); // d and e may be among those drawn
  }

  @Test
  void aTextThatLostItsTailShowsItInEveryFigure() {
    DocumentSource natural = source(documents(600, 8, 1));
    DocumentSource poorer = source(documents(600, 6, 2));

    TextDiversity before =
        meter.measure(source(documents(600, 8, 3)), natural, 50_000).orElseThrow();
    TextDiversity after = meter.measure(poorer, natural, 50_000).orElseThrow();

    assertThat(below(after.support(), before.support())).isTrue();
    assertThat(below(after.tailMass(), before.tailMass())).isTrue();
    assertThat(below(after.entropy(), before.entropy())).isTrue();
    assertThat(below(after.distinct(), before.distinct())).isTrue();
    assertThat(below(before.selfBleu(), after.selfBleu())).isTrue();
    // a tenth of the reference; of other text a little more, as the rare are rare by luck too
    assertThat(before.tailMass().value()).isBetween(0.09, 0.13);
  }

  private static boolean below(Estimate lower, Estimate upper) {
    return lower.interval().high() < upper.interval().low();
  }

  @Test
  void orderOfDocumentsChangesNothing() {
    List<Document> documents = documents(300, 8, 1);
    List<Document> shuffled = new ArrayList<>(documents);
    Collections.shuffle(shuffled, new Random(2));
    DocumentSource natural = source(documents(300, 8, 5));

    assertThat(meter.measure(source(shuffled), natural, 20_000))
        .isEqualTo(meter.measure(source(documents), natural, 20_000));
  }

  @Test
  void tooLittleTextIsRefused() {
    DocumentSource some = source(documents(30, 8, 1));

    assertThat(meter.measure(some, some, 3000).toOptional()).isPresent();
    assertThat(meter.measure(some, some, 3001))
        .hasToString(
            "diversity of a text: refused, the text has 3000 words and the reference 3000; give"
                + " 3001 of both, or ask for fewer");
    assertThat(meter.measure(some, some, 500).toString()).contains("500 words are of 5 documents");
  }

  @Test
  void itIsFoundThroughItsPort() {
    assertThat(ServiceLoader.load(TextMeter.class)).hasOnlyElementsOfType(DiversityMeter.class);
  }
}
