package dev.mixlaw.mix.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.spi.PreparedData;
import dev.mixlaw.api.spi.TokenSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyPreparerTest {
  @TempDir Path directory;

  static Corpus corpus(String name, long seed, int documents) {
    SplittableRandom random = new SplittableRandom(seed);
    String[] words = {
      "red", "green", "blue", "house", "tree", "river", "stone", "and", "or", "the"
    };
    List<Document> all = new ArrayList<>();
    for (int i = 0; i < documents; i++) {
      StringBuilder text = new StringBuilder();
      for (int w = 0; w < 40; w++) {
        text.append(words[random.nextInt(words.length)]).append(w % 10 == 9 ? ".\n" : " ");
      }
      all.add(new Document(name + "/" + i, text.toString()));
    }
    return Corpus.documents(name, () -> DocumentStream.of(all));
  }

  @Test
  void preparesAStudy() {
    Corpus a = corpus("a", 1, 50);
    Corpus b = corpus("b", 2, 70);
    Study study =
        Study.named("s")
            .mixtures(Mixture.grid(a, b, 0, 0.5, 1))
            .tokenizer(TokenizerSpec.trainedBpe(300))
            .evaluateOn(Domains.of(corpus("d", 3, 25)));

    try (PreparedData data = new StudyPreparer().prepare(study, directory, StudyListener.none())) {
      assertThat(data.corpora()).extracting(c -> c.facts().name()).containsExactly("a", "b");
      TokenSource source = data.source(study.mixtures().get(1), 16, 7);
      int[] sequence = new int[17];
      source.read(0, sequence, 0);
      assertThat(source.counts(10)).containsEntry("a", 5L).containsEntry("b", 5L);
      assertThat(data.tokenizer().decode(data.domains().get(0).tokens(0)))
          .endsWith("<|endoftext|>");
    }
  }
}
