package dev.mixlaw.mix.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.mix.analysis.TextLanguage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixtureWordComparerTest {
  private static final String ENGLISH =
      "The boats have long since gone from the harbour, and nobody knows where they are now. ";
  private static final String GERMAN =
      "Die Boote sind schon lange aus dem Hafen verschwunden, und niemand weiß, wo sie sind. ";

  @TempDir Path directory;

  private final List<StudyEvent> events = new ArrayList<>();
  private int readings;

  private Corpus corpus(String name, List<String> texts) {
    List<Document> documents = new ArrayList<>();
    texts.forEach(t -> documents.add(new Document(name + "/" + documents.size(), t)));
    return Corpus.documents(
        name,
        () -> {
          readings++;
          return DocumentStream.of(documents);
        });
  }

  private Corpus corpus(String name, String... texts) {
    return corpus(name, Arrays.asList(texts));
  }

  /** Returns a study whose tokens are bytes; each document has an end-of-text token in addition. */
  private static Study study(Domains domains, Mixture... mixtures) {
    return Study.named("s")
        .mixtures(mixtures)
        .budgets("80", "400")
        .tokenizer(TokenizerSpec.trainedBpe(257))
        .evaluateOn(domains);
  }

  private Answer<WordComparison> compare(Study study) {
    try (PreparedData data = new StudyPreparer().prepare(study, directory, events::add)) {
      readings = 0;
      return data.compareWords(events::add).orElseThrow();
    }
  }

  @Test
  void sharesOfTokensBecomeSharesOfWords() {
    Corpus half = corpus("half", "red red red", "blue red"); // 21 tokens, 5 words
    Corpus long_ = corpus("long", "incomprehensible"); // 17 tokens, 1 word
    Mixture mixture = Mixture.named("m").with(half, 0.5).with(long_, 0.5);

    WordComparison found =
        compare(study(Domains.of(corpus("d", "red green red", "blue")), mixture)).orElseThrow();

    double ofHalf = 0.5 * 5 / 21;
    double ofLong = 0.5 / 17;
    double red = ofHalf / (ofHalf + ofLong) * 4 / 5;
    double blue = ofHalf / (ofHalf + ofLong) / 5;
    double read = Math.round(400 * (ofHalf + ofLong));
    WordComparison.Fit fit = found.fits().get(0);
    assertThat(found.budget().count()).isEqualTo(400);
    assertThat(found.language()).as("the language of a few words is unknown").isEqualTo("und");
    assertThat(fit.mixture() + " " + fit.domain()).isEqualTo("m d");
    assertThat(fit.coverageTypes()).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(fit.coverageTokens()).isCloseTo(0.75, within(1e-12));
    assertThat(fit.seenTokens())
        .isCloseTo(-0.5 * Math.expm1(-read * red) - 0.25 * Math.expm1(-read * blue), within(1e-12));
    assertThat(fit.seenTypes())
        .isCloseTo((-Math.expm1(-read * red) - Math.expm1(-read * blue)) / 3, within(1e-12));
    assertThat(fit.kl())
        .isCloseTo(
            -0.5 * Math.log(0.999 * red / 0.5 + 0.001)
                - 0.25 * Math.log(0.999 * blue / 0.25 + 0.001)
                - 0.25 * Math.log(0.001),
            within(1e-12));
  }

  @Test
  void comparesEveryMixtureWithEveryDomain() {
    Corpus a = corpus("a", "one two three", "two three");
    Corpus b = corpus("b", "four five six");

    List<WordComparison.Fit> fits =
        compare(
                study(
                    Domains.of(corpus("c", "two three", "one two three"), b),
                    Mixture.of(a),
                    Mixture.of(b)))
            .orElseThrow()
            .fits();

    assertThat(fits)
        .extracting(f -> f.mixture() + f.domain())
        .containsExactly("ac", "ab", "bc", "bb");
    assertThat(fits.get(0).kl()).isCloseTo(0, within(1e-12));
    assertThat(fits.get(0).js()).isCloseTo(0, within(1e-12));
    assertThat(fits.get(0).coverageTokens()).isEqualTo(1);
    assertThat(fits.get(1).coverageTokens()).isZero();
    assertThat(fits.get(1).js()).isCloseTo(Math.log(2), within(1e-12));
  }

  @Test
  void storesTheComparisonUntilItsInputsChange() throws Exception {
    Corpus a = corpus("a", "red green");
    Corpus b = corpus("b", "blue stone");
    Domains domains = Domains.of(corpus("d", "red stone"));
    Study study = study(domains, Mixture.grid(a, b, 0.5).get(0));

    Answer<WordComparison> first = compare(study);
    Path kept = words().get(0);
    assertThat(readings).as("three texts, for words").isEqualTo(3);
    assertThat(compare(study)).isEqualTo(first);
    assertThat(readings).isZero();

    for (Study other :
        List.of(
            study(domains, Mixture.grid(a, b, 0.25).get(0)),
            study.budgets("800"),
            study(Domains.of(corpus("d", "red sand")), study.mixtures().get(0)))) {
      assertThat(compare(other)).isNotEqualTo(first);
      assertThat(compare(study)).isEqualTo(first);
    }

    for (String damaged : List.of("{\"key\": \"", "null", "{}")) {
      Files.writeString(kept, damaged);
      assertThat(compare(study)).as(damaged).isEqualTo(first);
      assertThat(readings).isEqualTo(3);
    }
    assertThat(events)
        .filteredOn(StudyEvent.Warned.class::isInstance)
        .hasSize(2)
        .allMatch(e -> e.toString().contains(kept.getFileName() + " is damaged"));
  }

  private List<Path> words() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(f -> f.getFileName().toString().startsWith("words-")).toList();
    }
  }

  @Test
  void resultsDoNotDependOnTheOrderOfDocuments() {
    SplittableRandom random = new SplittableRandom(3);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      texts.add(ENGLISH + "word" + random.nextInt(90) + " word" + random.nextInt(90));
    }
    Domains domains = Domains.of(corpus("d", "word1 word2 word3 the and nobody"));

    Answer<WordComparison> first = compare(study(domains, Mixture.of(corpus("a", texts))));
    Collections.reverse(texts);

    assertThat(compare(study(domains, Mixture.of(corpus("a", texts))))).isEqualTo(first);
    assertThat(readings).as("compared again").isEqualTo(2);
  }

  private static MixtureWordComparer.Text text(String role, Corpus corpus, TextFacts facts) {
    TextSource source = new TextSource(role, corpus);
    return new MixtureWordComparer.Text(
        source, facts, TextLanguage.of(corpus.name(), source.documents()));
  }

  @Test
  void samplesLongTexts() {
    SplittableRandom random = new SplittableRandom(5);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      texts.add("common" + random.nextInt(20) + " rare" + random.nextInt(1_000_000));
    }
    Corpus whole = corpus("a", texts);
    Corpus single = corpus("b", String.join(" ", Collections.nCopies(40, String.join(" ", texts))));
    Domains domains = Domains.of(corpus("d", "common1 common2 common3 rare"));
    Study study = study(domains, Mixture.of(whole), Mixture.of(single));

    try (PreparedData data = new StudyPreparer().prepare(study, directory, StudyListener.none())) {
      List<MixtureWordComparer.Text> corpora = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        corpora.add(text("corpus", study.corpora().get(i), data.corpora().get(i).facts()));
      }
      List<MixtureWordComparer.Text> held =
          List.of(text("domain", domains.listed().get(0), data.domains().get(0).facts()));
      WordComparison all = words(study, corpora, held, 10_000_000).compare(l -> {}).orElseThrow();
      events.clear();
      MixtureWordComparer bounded = words(study, corpora, held, 20_000);
      assertThat(bounded.note())
          .contains("2 mixtures against 1 domains: 1 MB", "at most 25 MB of heap");
      WordComparison drawn = bounded.compare(events::add).orElseThrow();

      assertThat(drawn.bytesPerText()).isEqualTo(20_000);
      assertThat(drawn.fits().get(0).js())
          .isNotEqualTo(all.fits().get(0).js())
          .isCloseTo(all.fits().get(0).js(), within(0.03));
      assertThat(events.get(events.size() - 1).toString()).contains("words of domain d");
    }
  }

  private MixtureWordComparer words(
      Study study,
      List<MixtureWordComparer.Text> corpora,
      List<MixtureWordComparer.Text> domains,
      long most) {
    return new MixtureWordComparer(study, corpora, domains, directory, most, TextReader.LOCAL);
  }

  @Test
  void warnsAboutDifferentKnownLanguages() {
    Corpus english = corpus("web", ENGLISH.repeat(3));
    Corpus code = corpus("code", "if (x1 == y2) { z3++; }".repeat(9));

    WordComparison found =
        compare(
                study(
                    Domains.of(corpus("news", ENGLISH), corpus("presse", GERMAN.repeat(2))),
                    Mixture.of(english),
                    Mixture.of(code)))
            .orElseThrow();

    assertThat(found.language()).isEqualTo("en");
    assertThat(found.warnings())
        .containsExactly(
            "domain presse is in de; it is split into words by the rules of en",
            "corpus web is in en, but domains are in de (presse): their coverage and divergence"
                + " measure differences between languages, not between subjects");
  }

  @Test
  void aTextWithoutWordsIsRefused() throws Exception {
    Study study =
        study(Domains.of(corpus("d", "red")), Mixture.of(corpus("signs", "+ = /", "?! ...")));

    assertThat(compare(study).toString()).contains("corpus signs has no words");
    assertThat(words()).isEmpty();
  }
}
