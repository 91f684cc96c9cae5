package dev.mixlaw.samples.corpora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.corpus.TextPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorporaDirectoryTest {
  private static final Path PARQUET =
      Path.of("../sdk-mix/src/test/resources/parquet/plain-v1.parquet");

  @TempDir private Path dir;
  @TempDir private Path work;

  @Test
  void pairsAreSplitByTheMostFrequentModel() throws IOException {
    write("natural/valid/web.jsonl", "{\"text\":\"held out\"}\n");
    write("synthetic/train/qa_llama31.jsonl", "{\"text\":\"q\"}\n");
    write("synthetic/train/textbook_gpt4.jsonl", "{\"text\":\"t\"}\n");
    write(
        "pairs/train/pairs.jsonl",
        pair("1", "one", "rephrase/A 1.5", "eins")
            + pair("2", "two", "rephrase/B", "zwei")
            + pair("3", "three", "rephrase/A 1.5", "drei")
            + pair("4", "four", "generate/C", "vier")
            + pair("5", "five", "generate/C", "fünf")
            + pair("6", "six", "generate/C", "sechs"));

    SampleCorpora corpora = CorporaDirectory.read(dir, TextPath::of, work);

    assertThat(texts(corpora.natural())).containsExactly("one", "three");
    assertThat(corpora.natural().kind()).isEqualTo(CorpusKind.NATURAL);
    assertThat(corpora.synthetic())
        .extracting(Corpus::name)
        .containsExactly("rephrased", "textbook_gpt4");
    Corpus rephrased = corpora.synthetic().get(0);
    assertThat(texts(rephrased)).containsExactly("eins", "drei");
    assertThat(rephrased.kind()).isEqualTo(CorpusKind.REPHRASED);
    assertThat(rephrased.generator()).contains("A 1.5");
    assertThat(corpora.synthetic().get(1).kind()).isEqualTo(CorpusKind.TEXTBOOK);
    assertThat(corpora.synthetic().get(1).generator()).contains("gpt4");
    assertThat(corpora.domains().directories()).isEmpty();
    assertThat(corpora.domains().listed())
        .containsExactly(Corpus.jsonl(work.resolve("domains/web.jsonl")));
    assertThat(work.resolve("domains/web.jsonl")).content().contains("held out");
  }

  @Test
  void changedPairsAreSplitAgain() throws IOException {
    write("natural/valid/web.jsonl", "{\"text\":\"held out\"}\n");
    write("pairs/train/pairs.jsonl", pair("1", "one", "rephrase/A", "eins"));
    CorporaDirectory.read(dir, TextPath::of, work);
    Path file = work.resolve("natural.jsonl");
    var first = Files.readAttributes(file, "fileKey,lastModifiedTime");

    CorporaDirectory.read(dir, TextPath::of, work);
    assertThat(Files.readAttributes(file, "fileKey,lastModifiedTime")).isEqualTo(first);

    write("pairs/train/pairs.jsonl", pair("1", "two", "rephrase/A", "zwei"));
    assertThat(texts(CorporaDirectory.read(dir, TextPath::of, work).natural()))
        .containsExactly("two");
  }

  @Test
  void withoutPairsThereAreNaturalAndSyntheticFiles() throws IOException {
    write("natural/valid/web.jsonl", "{\"text\":\"held out\"}\n");
    write("natural/train/web.jsonl", "{\"text\":\"web\"}\n");
    write("natural/train/books.jsonl", "{\"text\":\"book\"}\n");
    write("synthetic/train/textbook_x.jsonl", "{\"text\":\"t\"}\n");
    write("synthetic/train/qa_llama31.jsonl", "{\"text\":\"q\"}\n");

    SampleCorpora corpora = CorporaDirectory.read(dir, TextPath::of, work);

    assertThat(texts(corpora.natural())).containsExactly("book", "web");
    assertThat(corpora.synthetic())
        .extracting(Corpus::name, Corpus::kind, c -> c.generator().orElse(""))
        .containsExactly(
            tuple("qa_llama31", CorpusKind.OTHER, "llama31"),
            tuple("textbook_x", CorpusKind.TEXTBOOK, "x"));
    assertThat(work).isDirectoryNotContaining("regex:.*jsonl");
  }

  @Test
  void ignoresDomainsOfEarlierTextInTheWorkFolder() throws IOException {
    write("natural/valid/web.jsonl", "{\"text\":\"held out\"}\n");
    write("pairs/train/pairs.jsonl", pair("1", "one", "rephrase/A", "eins"));
    Files.createDirectories(work.resolve("domains"));
    Files.writeString(work.resolve("domains/glosses.jsonl"), "{\"text\":\"before\"}\n");

    assertThat(CorporaDirectory.read(dir, TextPath::of, work).domains())
        .isEqualTo(Domains.of(Corpus.jsonl(work.resolve("domains/web.jsonl"))));
  }

  @Test
  void textsOfAnyFormatAreRead() throws IOException {
    write("natural/data/train-00000-of-00001.jsonl", "{\"text\":\"web\"}\n");
    write("natural/data/validation-00000-of-00001.jsonl", "{\"text\":\"held out\"}\n");
    Files.createDirectories(dir.resolve("synthetic"));
    Files.copy(PARQUET, dir.resolve("synthetic/textbook_x.parquet"));
    write("synthetic/stories_y/1.txt", "one");
    write("synthetic/stories_y/2.txt", "two");

    SampleCorpora corpora = CorporaDirectory.read(dir, TextPath::of, work);

    assertThat(texts(corpora.natural())).containsExactly("web");
    assertThat(corpora.natural().name()).isEqualTo("natural");
    assertThat(corpora.domains().listed()).extracting(Corpus::name).containsExactly("natural");
    assertThat(texts(corpora.domains().listed().get(0))).containsExactly("held out");
    assertThat(texts(corpora.synthetic().get(0))).containsExactly("one", "two");
    assertThat(corpora.synthetic())
        .extracting(Corpus::name, Corpus::kind, c -> c.generator().orElse(""))
        .containsExactly(
            tuple("stories_y", CorpusKind.OTHER, "y"),
            tuple("textbook_x", CorpusKind.TEXTBOOK, "x"));
    assertThat(texts(corpora.synthetic().get(1))).hasSize(38);
  }

  @Test
  void reportsAllMissingParts() {
    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(() -> CorporaDirectory.read(dir, TextPath::of, work))
        .withMessageContaining("no natural text")
        .withMessageContaining("no held-out text")
        .withMessageContaining("no synthetic text")
        .withMessageContaining("--corpora DIR");
    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(() -> CorporaDirectory.read(dir.resolve("gone"), TextPath::of, work))
        .withMessageContaining("no such directory");
  }

  @Test
  void reportsTheLineOfAnInvalidPair() throws IOException {
    write("natural/valid/web.jsonl", "{\"text\":\"held out\"}\n");
    String good = pair("1", "one", "rephrase/A", "eins");

    write("pairs/train/pairs.jsonl", good + "{\"id\":\"2\"\n");
    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(() -> CorporaDirectory.read(dir, TextPath::of, work))
        .withMessageContaining("pairs.jsonl:2");

    write("pairs/train/pairs.jsonl", good + "{\"id\":\"2\"}\n");
    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(() -> CorporaDirectory.read(dir, TextPath::of, work))
        .withMessageContaining("pairs.jsonl:2")
        .withMessageContaining("no text");

    write("pairs/train/pairs.jsonl", pair("1", "one", "generate/A", "eins"));
    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(() -> CorporaDirectory.read(dir, TextPath::of, work))
        .withMessageContaining("no pair is rephrased");
  }

  @Test
  void readsTheSharedCorpora() {
    Path shared = shared();
    assumeThat(shared).as("MIXLAW_SHARED or ../shared with data/corpora").isNotNull();

    SampleCorpora corpora =
        CorporaDirectory.read(shared.resolve("data/corpora"), TextPath::of, work);

    List<String> natural = texts(corpora.natural());
    List<String> rephrased = texts(corpora.synthetic().get(0));
    assertThat(corpora.synthetic())
        .extracting(Corpus::name)
        .containsExactly("rephrased", "textbook_llama31");
    assertThat(corpora.synthetic().get(0).generator()).contains("GPT-4o");
    assertThat(natural).hasSize(2859).hasSameSizeAs(rephrased);
    long same = 0;
    for (int i = 0; i < natural.size(); i++) {
      same += natural.get(i).equals(rephrased.get(i)) ? 1 : 0;
    }
    assertThat(same).isLessThan(natural.size() / 100);
  }

  private static @Nullable Path shared() {
    String given = System.getProperty("MIXLAW_SHARED", System.getenv("MIXLAW_SHARED"));
    if (given != null) {
      return Path.of(given);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("shared/data/corpora"))) {
        return at.resolve("shared");
      }
    }
    return null;
  }

  private void write(String name, String text) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static String pair(String id, String text, String by, String synthetic) {
    return "{\"id\":\"%s\",\"text\":\"%s\",\"synthetic\":{\"%s\":\"%s\"}}\n"
        .formatted(id, text, by, synthetic);
  }

  private static List<String> texts(Corpus corpus) {
    List<String> texts = new ArrayList<>();
    try (DocumentStream stream = Corpora.open(corpus)) {
      stream.forEachRemaining((Document document) -> texts.add(document.text()));
    }
    return texts;
  }
}
