package dev.mixlaw.samples.corpora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.corpus.HeldOut;
import dev.mixlaw.mix.internal.Shingles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the default corpora, which are extracted from jars. */
class DefaultCorporaTest {
  private static final long BYTES = 2_100_000;
  private static final List<String> DOMAINS =
      List.of("glosses", "java", "javadoc", "licences", "manuals", "medical", "parliament");

  @TempDir private static Path dir;
  private static SampleCorpora corpora;

  @BeforeAll
  static void write() {
    corpora = DefaultCorpora.write(dir, BYTES);
  }

  @Test
  void eachDomainIsLargeEnoughToMeasure() throws IOException {
    Map<String, List<Document>> domains = domains(dir);

    assertThat(domains.keySet()).containsExactlyElementsOf(DOMAINS);
    domains.forEach(
        (name, documents) -> {
          assertThat(documents.size()).as(name).isGreaterThanOrEqualTo(40);
          assertThat(bytes(documents)).as(name).isBetween(20_000L, 40_000L);
          assertThat(documents.stream().mapToLong(d -> bytes(List.of(d))).max().orElse(0))
              .as(name)
              .isBetween(1L, 1_000L);
        });
  }

  @Test
  void theNaturalCorpusMixesTheDomainsEvenly() throws IOException {
    Map<String, Long> shares = new TreeMap<>();
    try (Stream<String> lines = Files.lines(dir.resolve("natural.jsonl"), StandardCharsets.UTF_8)) {
      lines.forEach(
          line -> {
            String domain = line.substring("{\"id\":\"".length(), line.indexOf('/'));
            shares.merge(domain, (long) line.length(), Long::sum);
          });
    }
    long all = shares.values().stream().mapToLong(Long::longValue).sum();

    assertThat(shares.keySet()).containsExactlyElementsOf(DOMAINS);
    assertThat(shares.values())
        .allSatisfy(b -> assertThat((double) b / all).isCloseTo(1.0 / 7, within(0.03)));
    assertThat(bytes(read(corpora.natural()))).isBetween(BYTES - 10_000, BYTES);
  }

  @Test
  void syntheticTextIsOfTheSameDocumentsAndTheSameSize() {
    List<Document> natural = read(corpora.natural());
    Corpus paraphrased = corpora.synthetic().get(0);
    Corpus ngram = corpora.synthetic().get(1);
    List<Document> said = read(paraphrased);

    assertThat(paraphrased.kind()).isEqualTo(CorpusKind.REPHRASED);
    assertThat(paraphrased.generator()).contains("wordnet-paraphraser");
    assertThat(said).hasSameSizeAs(natural);
    int words = 0;
    int changed = 0;
    for (int i = 0; i < natural.size(); i++) {
      String[] from = natural.get(i).text().split("\\s+");
      String[] to = said.get(i).text().split("\\s+");
      assertThat(to).as(natural.get(i).id()).hasSameSizeAs(from);
      for (int w = 0; w < from.length; w++) {
        words++;
        changed += from[w].equals(to[w]) ? 0 : 1;
      }
    }
    assertThat((double) changed / words).isBetween(0.05, 0.2);
    assertThat(ngram.kind()).isEqualTo(CorpusKind.OTHER);
    assertThat(ngram.generator()).contains("ngram-3");
    assertThat((double) bytes(read(ngram)) / bytes(natural)).isCloseTo(1, within(0.03));
  }

  @Test
  void noMarkupIsLeft() throws IOException {
    List<Document> all = new ArrayList<>(read(corpora.natural()));
    domains(dir).values().forEach(all::addAll);

    assertThat(all)
        .noneMatch(d -> d.text().contains("|==="))
        .noneMatch(d -> d.text().contains("{since}"))
        .noneMatch(d -> d.text().contains("{@"))
        .noneMatch(d -> d.text().contains("\n\n\n"))
        .noneMatch(d -> d.text().isBlank());
  }

  @Test
  void existingFilesAreNotWrittenAgain() throws IOException {
    Map<Path, Object> before = state();

    assertThat(DefaultCorpora.write(dir, BYTES)).isEqualTo(corpora);

    assertThat(state()).isEqualTo(before);
  }

  @Test
  void validationTextIsNotInTheTrainingText() throws IOException {
    assertThat(known(read(corpora.natural()), domains(dir))).isEmpty();
  }

  @Test
  @Tag("long")
  void fullSizeTextHasNoOverlapBetweenSplits(@TempDir Path all) throws IOException {
    SampleCorpora whole = DefaultCorpora.write(all, Long.MAX_VALUE);
    List<Document> natural = read(whole.natural());
    Map<String, List<Document>> domains = domains(all);

    assertThat(bytes(natural)).isBetween(15_000_000L, 22_000_000L);
    assertThat(known(natural, domains)).isEmpty();
    assertThat(domains).isEqualTo(domains(dir));
  }

  /**
   * Returns the validation documents that have too many shingles in common with training text, with
   * the fraction of these shingles.
   */
  private static Map<String, Double> known(
      List<Document> training, Map<String, List<Document>> domains) {
    Set<Long> known = new HashSet<>();
    for (Document document : training) {
      for (long shingle : Shingles.of(document.text())) {
        known.add(shingle);
      }
    }
    Map<String, Double> shares = new TreeMap<>();
    domains.forEach(
        (name, documents) -> {
          for (Document document : documents) {
            long[] shingles = Shingles.of(document.text());
            int seen = 0;
            for (long shingle : shingles) {
              seen += known.contains(shingle) ? 1 : 0;
            }
            if (seen > HeldOut.MOST_SHARED * shingles.length) {
              shares.put(name + "/" + document.id(), (double) seen / shingles.length);
            }
          }
        });
    return shares;
  }

  private static Map<String, List<Document>> domains(Path directory) throws IOException {
    Map<String, List<Document>> domains = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory.resolve("domains"))) {
      for (Path file : files.toList()) {
        Corpus corpus = Corpus.jsonl(file);
        domains.put(corpus.name(), read(corpus));
      }
    }
    return domains;
  }

  private static Map<Path, Object> state() throws IOException {
    Map<Path, Object> state = new TreeMap<>();
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.toList()) {
        state.put(file, Files.readAttributes(file, "fileKey,size,lastModifiedTime"));
      }
    }
    return state;
  }

  private static List<Document> read(Corpus corpus) {
    List<Document> documents = new ArrayList<>();
    try (DocumentStream stream = Corpora.open(corpus)) {
      stream.forEachRemaining(documents::add);
    }
    return documents;
  }

  private static long bytes(List<Document> documents) {
    return documents.stream()
        .mapToLong(d -> d.text().getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }
}
