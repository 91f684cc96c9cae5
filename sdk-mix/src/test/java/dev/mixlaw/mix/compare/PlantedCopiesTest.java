package dev.mixlaw.mix.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.mix.Script;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.corpus.HeldOut;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlantedCopiesTest {
  @ParameterizedTest
  @EnumSource
  void copiesInEveryScriptAreFoundAndNoOthers(Script script) {
    PlantedCopies.Found found = PlantedCopies.measure(script, 200, 1);

    assertThat(found.items()).as("items in pages").isGreaterThanOrEqualTo(0.95);
    assertThat(found.nearCopies()).as("near copies").isGreaterThanOrEqualTo(0.95);
    assertThat(found.falseAlarms()).as("false alarms").isLessThanOrEqualTo(0.001);
  }

  /**
   * Validation documents that occur in training text, and near duplicates, are removed in every
   * script.
   */
  @ParameterizedTest
  @EnumSource
  void copiesInEveryScriptAreRemovedAndNoOthers(Script script) {
    SplittableRandom random = new SplittableRandom(3);
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      documents.add(
          new Document(
              "d" + i, script.text(random, script.words(random, random.nextInt(30, 200)))));
    }
    List<Document> quoting = new ArrayList<>();
    for (int i = 0; i < 100; i += 2) {
      String before = script.text(random, script.words(random, 100));
      quoting.add(new Document("q" + i, before + "\n" + documents.get(i).text()));
    }

    assertThat(HeldOut.unseen(documents, () -> DocumentStream.of(quoting)))
        .containsExactlyElementsOf(
            IntStream.range(0, 50).mapToObj(i -> documents.get(2 * i + 1)).toList());
    List<Document> all = new ArrayList<>(documents);
    documents.forEach(d -> all.add(new Document("copy of " + d.id(), d.text() + script.word(7))));
    List<Document> kept = new ArrayList<>();
    try (DocumentStream thinned =
        Corpora.withoutNearDuplicates(() -> DocumentStream.of(all), HeldOut.MOST_SHARED).open()) {
      thinned.forEachRemaining(kept::add);
    }
    assertThat(kept).isEqualTo(documents);
  }
}
