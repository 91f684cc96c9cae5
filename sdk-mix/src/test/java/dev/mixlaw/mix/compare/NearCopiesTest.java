package dev.mixlaw.mix.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.results.Overlap;
import dev.mixlaw.mix.internal.MinHashIndex;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class NearCopiesTest {
  private final Random random = new Random(7);

  private static Corpus corpus(String name, List<Document> documents) {
    return Corpus.documents(name, () -> DocumentStream.of(documents));
  }

  private static Overlap overlap(Corpus corpus, Corpus domain) {
    return CorpusComparison.overlaps(List.of(corpus), List.of(domain)).get(0);
  }

  /** Returns a random word; as in natural text, few words are frequent and many are rare. */
  private String word() {
    return "w" + (int) Math.exp(random.nextDouble() * 9);
  }

  private List<String> text(int words) {
    List<String> text = new ArrayList<>();
    for (int i = 0; i < words; i++) {
      text.add(word());
    }
    return text;
  }

  /** Returns a copy in which a tenth of the words, at random places, are replaced by others. */
  private String nearCopy(List<String> text) {
    List<String> copy = new ArrayList<>(text);
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < copy.size(); i++) {
      places.add(i);
    }
    Collections.shuffle(places, random);
    places.subList(0, copy.size() / 10).forEach(i -> copy.set(i, "new" + random.nextInt(9999)));
    return String.join(" ", copy);
  }

  private record Planted(List<Document> web, List<Document> books, Set<String> copies) {}

  /**
   * Returns 1000 documents, and 1000 others of which 300 are copies with a tenth of their words
   * replaced.
   */
  private Planted planted() {
    List<Document> web = new ArrayList<>();
    List<Document> books = new ArrayList<>();
    Set<String> copies = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      List<String> text = text(60 + random.nextInt(300));
      web.add(new Document("w" + i, String.join(" ", text)));
      boolean copied = i % 10 < 3;
      books.add(
          new Document(
              "b" + i, copied ? nearCopy(text) : String.join(" ", text(60 + random.nextInt(300)))));
      if (copied) {
        copies.add("w" + i + " b" + i);
      }
    }
    return new Planted(web, books, copies);
  }

  @Test
  void findsPlantedCopiesWithFewFalsePositives() {
    Planted planted = planted();

    NearCopies found =
        NearCopies.of(List.of(corpus("web", planted.web()), corpus("books", planted.books())));

    Set<String> pairs = new HashSet<>(found.pairs());
    long right = pairs.stream().filter(planted.copies()::contains).count();
    assertThat((double) right / planted.copies().size()).as("recall").isGreaterThanOrEqualTo(0.95);
    assertThat((double) right / pairs.size()).as("precision").isGreaterThanOrEqualTo(0.95);
    List<CorpusComparison.Copies> counts = found.counts();
    assertThat(counts).hasSize(4);
    assertThat(counts.get(0)).isEqualTo(new CorpusComparison.Copies("web", "web", 1000, 0));
    assertThat(counts.get(1).copied()).isEqualTo(right);
    assertThat(counts.get(2).copied()).isEqualTo(right);
  }

  @Test
  void findsPlantedContaminationWithFewFalsePositives() {
    Planted planted = planted();

    Overlap overlap = overlap(corpus("web", planted.web()), corpus("books", planted.books()));

    assertThat(overlap.documents()).isEqualTo(1000);
    assertThat(overlap.contaminated()).isBetween(285L, 315L);
    assertThat(overlap.nearCopies()).isBetween(285L, 315L);
    // a shingle of 13 words has none of the replaced words with a probability of 0.9^13
    assertThat(overlap.sharedShingles()).isCloseTo(0.3 * Math.pow(0.9, 13), within(0.03));
    assertThat(overlap.examples()).isEqualTo(List.of("b0", "b1", "b2"));
  }

  @Test
  void aQuotedPassageContaminatesALongDocument() {
    String passage = String.join(" ", text(120));
    List<Document> domain =
        List.of(
            new Document("quoted", String.join(" ", text(200)) + " " + passage),
            new Document("own", String.join(" ", text(300))));
    String around = String.join(" ", text(5000));

    Overlap overlap =
        overlap(
            corpus("web", List.of(new Document("x", around + passage))), corpus("news", domain));

    assertThat(overlap.contaminated()).isEqualTo(1);
    assertThat(overlap.nearCopies()).isZero();
    assertThat(overlap.examples()).isEqualTo(List.of("quoted"));
  }

  @Test
  void findsManyCopiesWithoutComparingAllPairs() {
    List<Document> copies = new ArrayList<>();
    String text = String.join(" ", text(50));
    for (int i = 0; i < 3000; i++) {
      copies.add(new Document("c" + i, text));
    }

    NearCopies found = NearCopies.of(List.of(corpus("licences", copies)));

    assertThat(found.counts().get(0).copied()).isEqualTo(3000);
    assertThat(found.pairs()).hasSizeLessThan(3000 * 65);
  }

  @Test
  void shortTextsAreNotCompared() {
    List<Document> short1 = List.of(new Document("a", "yes it is"), new Document("b", "yes it is"));

    assertThat(NearCopies.of(List.of(corpus("chat", short1))).pairs()).isEmpty();
    assertThat(overlap(corpus("web", short1), corpus("chat", short1)).contaminated()).isZero();
  }

  @Test
  void sketchesEstimateTheJaccardIndex() {
    long[] a = LongStream.range(0, 3000).toArray();
    long[] b = LongStream.range(1000, 4000).toArray();

    assertThat(MinHashIndex.jaccard(MinHashIndex.sketch(a), MinHashIndex.sketch(b)))
        .isCloseTo(0.5, within(0.13));
    assertThat(MinHashIndex.jaccard(MinHashIndex.sketch(a), MinHashIndex.sketch(a))).isEqualTo(1);
  }
}
