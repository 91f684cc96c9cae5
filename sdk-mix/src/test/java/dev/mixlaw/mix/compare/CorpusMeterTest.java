package dev.mixlaw.mix.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.mix.Shared;
import dev.mixlaw.mix.analysis.Language;
import dev.mixlaw.mix.analysis.SelfBleu;
import dev.mixlaw.mix.analysis.Words;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CorpusMeterTest {
  private static Corpus corpus(String... texts) {
    return corpus(List.of(texts));
  }

  private static Corpus corpus(List<String> texts) {
    List<Document> documents = new ArrayList<>();
    for (String text : texts) {
      documents.add(new Document("d" + documents.size(), text));
    }
    return Corpus.documents("web", () -> DocumentStream.of(documents));
  }

  private static CorpusStatistics measure(Corpus corpus) {
    try (Words words = Words.of(Language.ENGLISH);
        CorpusMeter meter = new CorpusMeter(words)) {
      return meter.measure(corpus).statistics();
    }
  }

  /** Returns documents of 10 to 200 words, of which few are frequent and many are rare. */
  private static List<String> texts(int documents, long seed) {
    Random random = new Random(seed);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < documents; i++) {
      StringBuilder text = new StringBuilder();
      int words = 10 + random.nextInt(190);
      for (int w = 0; w < words; w++) {
        text.append('w').append((int) Math.exp(random.nextDouble() * 9)).append(' ');
      }
      texts.add(text.toString());
    }
    return texts;
  }

  @Test
  void aTextCountedByHand() {
    CorpusStatistics s = measure(corpus("A b a. B a b", "été a"));

    assertThat(s.documents()).isEqualTo(2);
    assertThat(s.bytes()).isEqualTo(12 + 7);
    assertThat(s.words()).isEqualTo(8);
    assertThat(s.types()).isEqualTo(3);
    assertThat(s.distinct1()).isEqualTo(3.0 / 8);
    assertThat(s.distinct2()).isEqualTo(3.0 / 6); // ab ba ab ba ab, été a
    assertThat(s.distinct3()).isEqualTo(2.0 / 4); // aba bab aba bab
    assertThat(s.repetition()).isEqualTo(1.0 / 3); // abab baba abab
    double entropy = -(0.5 * Math.log(0.5) + 0.375 * Math.log(0.375) + 0.125 * Math.log(0.125));
    assertThat(s.entropy()).isCloseTo(entropy, within(1e-12));
    assertThat(s.sampleWords()).isEqualTo(8);
    assertThat(s.sampleTypes()).isEqualTo(3);
    assertThat(s.selfBleu()).isEmpty(); // one document of four words
    assertThat(s.typesPer120kWords()).returns(false, Answer::isKnown);
  }

  @Test
  void resultsDoNotDependOnTheOrderOfDocuments() {
    List<String> texts = texts(2500, 1);
    List<String> shuffled = new ArrayList<>(texts);
    Collections.shuffle(shuffled, new Random(2));

    CorpusStatistics s = measure(corpus(texts));

    assertThat(measure(corpus(shuffled))).isEqualTo(s);
    assertThat(s.words()).isGreaterThan(CorpusComparison.SAMPLE_WORDS);
    assertThat(s.sampleWords()).isEqualTo(CorpusComparison.SAMPLE_WORDS);
    assertThat(s.typesPer120kWords().orElseThrow()).isEqualTo(s.sampleTypes());
    assertThat(s.vocabularyGrowth()).hasSize(8);
    assertThat(s.vocabularyGrowth().get(CorpusComparison.SAMPLE_WORDS)).isEqualTo(s.sampleTypes());
  }

  @Test
  void aSampleIsTheSameSizeForLargeAndSmallCorpora() {
    CorpusStatistics small = measure(corpus(texts(1500, 3)));
    CorpusStatistics large = measure(corpus(texts(6000, 4)));

    // both corpora have the same distribution of words: a measure of the whole corpus falls with
    // its size, that of a sample of fixed size does not
    assertThat(large.distinct1()).isLessThan(0.5 * small.distinct1());
    assertThat((double) large.sampleTypes() / small.sampleTypes()).isCloseTo(1, within(0.02));
  }

  @Test
  void copiesIncreaseCompressionRepetitionAndSelfBleu() {
    List<String> fresh = texts(300, 5);
    List<String> copied = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      copied.add(fresh.get(i % 10) + fresh.get(i % 10));
    }

    CorpusStatistics diverse = measure(corpus(fresh));
    CorpusStatistics poor = measure(corpus(copied));

    assertThat(poor.compressionRatio()).isGreaterThan(2 * diverse.compressionRatio());
    assertThat(poor.repetition()).isGreaterThan(0.4);
    assertThat(diverse.repetition()).isLessThan(0.01);
    assertThat(poor.selfBleu().orElseThrow()).isCloseTo(1, within(1e-12));
    assertThat(diverse.selfBleu().orElseThrow()).isLessThan(0.3);
  }

  @Test
  void selfBleuByHand() {
    long[] one = {1, 2, 3, 4};
    long[] two = {1, 2, 3, 5};

    double[] bleu = SelfBleu.of(List.of(one, two));

    // n-grams in common, with smoothing: 3 of 4 words, (2+1)/(3+1) pairs, (1+1)/(2+1) triples,
    // (0+1)/(1+1) quadruples
    double expected = Math.pow(0.75 * 0.75 * (2.0 / 3) * 0.5, 0.25);
    assertThat(bleu[0]).isCloseTo(expected, within(1e-12));
    assertThat(bleu[1]).isCloseTo(expected, within(1e-12));
  }

  @Test
  void reportsACorpusWithoutWords() {
    assertThatThrownBy(() -> measure(corpus("... !", "--")))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("corpus web")
        .hasMessageContaining("no words in 2 documents");
  }

  @Test
  void textbooksAreLessDiverseThanWebText() {
    var root = Shared.corpora();
    CorpusStatistics gpt4 =
        measure(Corpus.jsonl(root.resolve("synthetic/train/textbook_gpt4.jsonl")));
    CorpusStatistics llama =
        measure(Corpus.jsonl(root.resolve("synthetic/train/textbook_llama31.jsonl")));
    CorpusStatistics web = measure(Corpus.jsonl(root.resolve("natural/train/web.jsonl")));

    assertThat(List.of(gpt4, llama, web))
        .as("types per 120k words, entropy, distinct pairs, compression ratio")
        .isSortedAccordingTo(
            java.util.Comparator.comparing(s -> s.typesPer120kWords().orElseThrow()))
        .isSortedAccordingTo(java.util.Comparator.comparing(CorpusStatistics::entropy))
        .isSortedAccordingTo(java.util.Comparator.comparing(s -> s.sampleDistinct2()))
        .isSortedAccordingTo(java.util.Comparator.comparing(s -> -s.compressionRatio()));
    assertThat(web.sampleTypes()).isGreaterThan(2 * gpt4.sampleTypes() * 8 / 10);
  }
}
