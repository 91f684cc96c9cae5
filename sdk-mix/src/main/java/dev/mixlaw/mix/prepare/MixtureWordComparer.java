package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.mix.analysis.Distribution;
import dev.mixlaw.mix.analysis.Language;
import dev.mixlaw.mix.analysis.TermCounter;
import dev.mixlaw.mix.analysis.TermCounts;
import dev.mixlaw.mix.analysis.TextLanguage;
import dev.mixlaw.mix.analysis.WordDistance;
import dev.mixlaw.mix.analysis.Words;
import dev.mixlaw.mix.internal.Digest;
import dev.mixlaw.mix.internal.Hash64;
import dev.mixlaw.mix.internal.Utf8;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compares the words in a study's mixtures with the words in its domains.
 *
 * <p>If a text has more than {@value #MOST_BYTES} bytes, a sample of about this size is used, in
 * which documents or pieces of long documents are selected by their hashes. Shares of tokens are
 * converted to shares of words by the number of words per token in each corpus. The comparison
 * needs 24 MB of memory, and up to 8 MB per text. Terms that do not fit in memory are written to
 * files in {@code java.io.tmpdir}.
 */
final class MixtureWordComparer {
  /**
   * The version of the comparison, which must be changed when the same texts would give different
   * results.
   */
  private static final String COMPARISON = "words 2";

  static final long MOST_BYTES = 64_000_000;
  private static final int PIECE = 1 << 12; // characters
  private static final double BYTES_PER_SECOND = 15e6;
  private static final int TYPES = 500_000; // distinct words per text in memory; others are on disk
  private static final long TYPE_BYTES = 16;
  private static final long TABLE_BYTES = TYPES * 48L;
  private static final long SEED = 0x776f726473L;

  private final Study study;
  private final List<Text> corpora;
  private final List<Text> domains;
  private final Path directory;
  private final long mostBytes;
  private final TextReader reader;

  record Text(TextSource source, TextFacts facts, TextLanguage language) {
    String name() {
      return facts.name();
    }
  }

  MixtureWordComparer(
      Study study,
      List<Text> corpora,
      List<Text> domains,
      Path directory,
      long mostBytes,
      TextReader reader) {
    this.study = study;
    this.corpora = List.copyOf(corpora);
    this.domains = List.copyOf(domains);
    this.directory = directory;
    this.mostBytes = mostBytes;
    this.reader = reader;
  }

  private WordComparisonFile file() {
    Digest key = new Digest().add(COMPARISON).add(mostBytes).add(budget().count());
    for (List<Text> texts : List.of(corpora, domains)) {
      key.add(texts.size());
      texts.forEach(t -> key.add(t.name()).add(t.facts().fingerprint()).add(t.facts().tokens()));
    }
    study.mixtures().forEach(m -> key.add(m.name()).add(m.shares().toString()));
    String hex = key.hex();
    return new WordComparisonFile(
        directory.resolve("words-" + hex.substring(0, 16) + ".json"), hex);
  }

  private Tokens budget() {
    return study.budgets().get(study.budgets().size() - 1);
  }

  /** Returns a note about the time and memory that {@link #compare} needs. */
  String note() {
    String what = "words of " + study.mixtures().size() + " mixtures against " + domains.size();
    if (file().exists()) {
      return what + " domains, stored by an earlier run";
    }
    List<Long> bytes = bytesToCount();
    long all = bytes.stream().mapToLong(Long::longValue).sum();
    long heap =
        TABLE_BYTES
            + bytes.stream().mapToLong(b -> Math.min(TYPES * TYPE_BYTES, b * TYPE_BYTES / 2)).sum();
    return Texts.format(
        "%s domains: %.0f MB of text to count on one thread, about %.0f s and at most %.0f MB of heap, before training; stored in %s",
        what,
        Math.ceil(all / 1e6),
        time().toMillis() / 1e3,
        Math.ceil(heap / 1e6),
        file().file().getFileName());
  }

  /** Returns the estimated time of {@link #compare}. */
  Duration time() {
    long all = bytesToCount().stream().mapToLong(Long::longValue).sum();
    return file().exists()
        ? Duration.ZERO
        : Duration.ofSeconds((long) Math.ceil(all / BYTES_PER_SECOND));
  }

  private List<Long> bytesToCount() {
    return Stream.concat(corpora.stream(), domains.stream())
        .map(t -> Math.min(t.facts().bytes(), mostBytes))
        .toList();
  }

  /** Computes the comparison, or reads it from its file if an earlier run stored it. */
  Answer<WordComparison> compare(StudyListener listener) {
    WordComparisonFile file = file();
    Optional<WordComparison> earlier = file.read(listener);
    if (earlier.isPresent()) {
      return Answer.known(earlier.get());
    }
    List<TextLanguage> ofCorpora = inKnownLanguage(corpora);
    List<TextLanguage> ofDomains = inKnownLanguage(domains);
    Language rules =
        TextLanguage.commonest(Stream.concat(ofCorpora.stream(), ofDomains.stream()).toList());
    try (Words words = Words.of(rules);
        Counts counts = new Counts(words, mostBytes, reader, listener)) {
      corpora.forEach(counts::add);
      domains.forEach(counts::add);
      Optional<Text> wordless = counts.wordless();
      if (wordless.isPresent()) {
        return Answer.refused(
            "words of mixtures and domains",
            wordless.get().source().title() + " has no words",
            "use text with words, or call Lab.Builder.withoutWordComparison");
      }
      WordComparison found =
          new WordComparison(
              rules.code(),
              budget(),
              mostBytes,
              fits(counts),
              TextLanguage.warnings(ofCorpora, ofDomains, rules));
      file.write(found);
      return Answer.known(found);
    }
  }

  /** Omits texts of unknown language, such as program code, for which no warning is useful. */
  private static List<TextLanguage> inKnownLanguage(List<Text> texts) {
    return texts.stream().map(Text::language).filter(t -> t.language().isPresent()).toList();
  }

  private List<WordComparison.Fit> fits(Counts counts) {
    List<WordComparison.Fit> fits = new ArrayList<>();
    for (Mixture mixture : study.mixtures()) {
      Map<TermCounts, Double> words = new LinkedHashMap<>(); // words per training token
      mixture
          .shares()
          .forEach(
              (corpus, share) -> {
                Text text = corpus(corpus);
                words.put(counts.of(text), share * counts.wordsPerToken(text));
              });
      double perToken = words.values().stream().mapToDouble(Double::doubleValue).sum();
      words.replaceAll((corpus, of) -> of / perToken);
      Distribution training = Distribution.mixture(words);
      long read = Math.max(1, Math.round(budget().count() * perToken));
      for (Text domain : domains) {
        fits.add(WordDistance.of(mixture.name(), training, domain.name(), counts.of(domain), read));
      }
    }
    return fits;
  }

  private Text corpus(String name) {
    return corpora.stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
  }

  private static final class Counts implements AutoCloseable {
    private final Words words;
    private final long mostBytes;
    private final TextReader reader;
    private final StudyListener listener;
    private final Map<Text, TermCounts> counts = new LinkedHashMap<>();
    private final Map<Text, Long> bytes = new LinkedHashMap<>();

    Counts(Words words, long mostBytes, TextReader reader, StudyListener listener) {
      this.words = words;
      this.mostBytes = mostBytes;
      this.reader = reader;
      this.listener = listener;
    }

    void add(Text text) {
      long wanted = Math.min(text.facts().bytes(), mostBytes);
      double part = (double) wanted / text.facts().bytes();
      String stage = "words of " + text.source().title();
      PreparationProgress progress = new PreparationProgress(listener, stage, wanted);
      long[] read = {0};
      try (TermCounter counter = new TermCounter(TYPES)) {
        reader.read(
            stage,
            text.source(),
            p -> batch -> sample(batch.documents(), part),
            sample -> {
              for (String piece : sample) {
                counter.addAll(words.hashes(piece));
                read[0] += Utf8.length(piece);
                progress.accept(Math.min(read[0], wanted));
              }
            });
        counts.put(text, counter.finish());
        bytes.put(text, read[0]);
      }
      progress.finish(wanted);
    }

    private static ArrayList<String> sample(List<Document> documents, double part) {
      ArrayList<String> sample = new ArrayList<>();
      for (Document document : documents) {
        if (part == 1) {
          sample.add(document.text());
        } else {
          pieces(document.text()).stream()
              .filter(piece -> (Hash64.of(piece, SEED) >>> 11) * 0x1p-53 < part)
              .forEach(sample::add);
        }
      }
      return sample;
    }

    /** Splits a document into pieces, so that long documents can be sampled in parts. */
    private static List<String> pieces(String document) {
      List<String> pieces = new ArrayList<>();
      int from = 0;
      while (from < document.length()) {
        int to = Math.min(document.length(), from + PIECE);
        to -= Character.isHighSurrogate(document.charAt(to - 1)) ? 1 : 0; // surrogates are paired
        pieces.add(document.substring(from, to));
        from = to;
      }
      return pieces;
    }

    Optional<Text> wordless() {
      return counts.entrySet().stream()
          .filter(e -> e.getValue().total() == 0)
          .map(Map.Entry::getKey)
          .findFirst();
    }

    TermCounts of(Text text) {
      return counts.get(text);
    }

    double wordsPerToken(Text text) {
      double wordsPerByte = (double) of(text).total() / bytes.get(text);
      return wordsPerByte * text.facts().bytes() / text.facts().tokens();
    }

    @Override
    public void close() {
      counts.values().forEach(TermCounts::close);
    }
  }
}
