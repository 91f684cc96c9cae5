package dev.mixlaw.mix.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceDatasetTest {
  private static final String CARD =
      """
      ---
      license: cc-by-4.0
      configs:
      - config_name: en
        data_files:
        - split: train
          path: ["english/part-*.jsonl", "more/**/*.jsonl"]
        - split: test
          path: english/held-[0-9]*.jsonl
      - config_name: de
        data_files: deutsch/*.jsonl
      - config_name: fr
        data_dir: french
      ---
      # A dataset
      """;

  @TempDir private Path dir;

  @Test
  void recognisesSplitsByTheNamesOfShards() throws IOException {
    json("data/train-00001-of-00002.jsonl", "b");
    json("data/train-00000-of-00002.jsonl", "a");
    json("data/test_seen-00000-of-00001-0a1b2c.jsonl", "c");
    json("data/leftover.jsonl", "d");
    json("dataset_infos.json", "e");
    write("README.md", "---\nlicense: mit\n---\nwithout configs");

    HuggingFaceDataset dataset = HuggingFaceDataset.in(dir);

    assertThat(read(dataset))
        .containsExactly(
            new Document("data/train-00000-of-00002.jsonl:1", "a"),
            new Document("data/train-00001-of-00002.jsonl:1", "b"));
    assertThat(texts(dataset.split("test_seen"))).containsExactly("c");
    assertRefused(dataset.split("validation"), "no split \"validation\"", "[test_seen, train]");
  }

  @Test
  void wordsInFileNamesTakePrecedenceOverFolders() throws IOException {
    json("wiki_train.jsonl", "a");
    json("dev/wiki-val.jsonl", "b");
    json("test/other.jsonl", "c");
    json("restraining.jsonl", "d");

    HuggingFaceDataset dataset = HuggingFaceDataset.in(dir);

    assertThat(texts(dataset)).containsExactly("a");
    assertThat(texts(dataset.split("validation"))).containsExactly("b");
    assertRefused(dataset.split("test"), "[train, validation]");
  }

  @Test
  void recognisesSplitsByFolders() throws IOException {
    json("train/0000.jsonl", "a");
    json("validation/0000.jsonl", "b");

    assertThat(texts(HuggingFaceDataset.in(dir))).containsExactly("a");
    assertThat(texts(HuggingFaceDataset.in(dir).split("validation"))).containsExactly("b");
  }

  @Test
  void allFilesAreTrainingWithoutNamesOfSplits() throws Exception {
    Files.copy(
        Path.of(getClass().getResource("/parquet/plain-v1.parquet").toURI()),
        dir.resolve("b.parquet"));
    write("c.txt", "one line\nanother\n");
    Path zipped = dir.resolve("a.json.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write("{\"text\":\"first\"}\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    assertThat(texts(HuggingFaceDataset.in(dir)))
        .hasSize(1 + 38 + 2)
        .startsWith("first", "Document 0: end")
        .endsWith("one line", "another");
  }

  @Test
  void configurationsOfTheReadmeTakePrecedence() throws IOException {
    write("README.md", CARD);
    json("english/part-2.jsonl", "en 2");
    json("english/part-1.jsonl", "en 1");
    json("english/held-1.jsonl", "en held");
    json("more/x/y/deep.jsonl", "en deep");
    json("more/flat.jsonl", "en flat");
    json("deutsch/all.jsonl", "de");
    json("french/train.jsonl", "fr");
    json("french/test.jsonl", "fr held");

    HuggingFaceDataset dataset = HuggingFaceDataset.in(dir);

    assertThat(texts(dataset.configuration("en")))
        .containsExactly("en 1", "en 2", "en flat", "en deep");
    assertThat(texts(dataset.configuration("en").split("test"))).containsExactly("en held");
    assertThat(texts(dataset.configuration("de"))).containsExactly("de");
    assertThat(texts(dataset.configuration("fr").split("test"))).containsExactly("fr held");
    assertRefused(dataset, "several configurations and no default", "[en, de, fr]");
    assertRefused(dataset.configuration("it"), "no configuration \"it\"", "[en, de, fr]");
    assertRefused(dataset.configuration("en").split("dev"), "no split", "[test, train]");
  }

  @Test
  void otherFieldsAndLimitsReachTheFiles() throws IOException {
    write("train.jsonl", "{\"content\":\"one\"}\n{\"text\":\"two\"}\n");

    assertThat(texts(HuggingFaceDataset.in(dir).textField("content"))).containsExactly("one");
    assertRefused(
        HuggingFaceDataset.in(dir).textField("content").badRecordFraction(0),
        "corpus hub",
        "train.jsonl:2");
  }

  @Test
  void reportsWhatIsNotADataset() throws IOException {
    assertRefused(HuggingFaceDataset.in(dir.resolve("gone")), "gone", "not a directory");
    assertRefused(HuggingFaceDataset.in(dir), "no file in a supported format");
    write("data-00000-of-00001.arrow", "x");
    assertRefused(HuggingFaceDataset.in(dir), "it has data-00000-of-00001.arrow", "to_parquet");
    json("a.jsonl", "x");
    assertRefused(HuggingFaceDataset.in(dir).configuration("en"), "has no configurations");
    write("README.md", "---\nconfigs: [1, 2\n---\n");
    assertRefused(HuggingFaceDataset.in(dir), "README.md", "invalid configs");
    write("README.md", "---\nconfigs:\n- name: x\n---\n");
    assertRefused(HuggingFaceDataset.in(dir), "README.md", "config_name: null");
  }

  @Test
  void recognisesAGitLfsPointer() throws IOException {
    write(
        "train.parquet", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n");

    assertRefused(HuggingFaceDataset.in(dir), "train.parquet", "git lfs pull");
  }

  @Test
  void patternsOfPathsMatchInLinearTime() {
    assertThat(GlobPattern.matches("data/*-0[0-3].jsonl", "data/train-02.jsonl")).isTrue();
    assertThat(GlobPattern.matches("data/*-0[!0-3].jsonl", "data/train-02.jsonl")).isFalse();
    assertThat(GlobPattern.matches("*.jsonl", "data/train.jsonl")).isFalse();
    assertThat(GlobPattern.matches("**/t?ain.jsonl", "train.jsonl")).isTrue();
    assertThat(GlobPattern.matches("**/train.jsonl", "a/b/train.jsonl")).isTrue();
    assertThat(GlobPattern.matches("**/train.jsonl", "a/not-train.jsonl")).isFalse();
    assertThat(GlobPattern.matches("a**.jsonl", "a/b/c.jsonl")).isTrue();
    assertThat(GlobPattern.matches("[]a]", "]")).isTrue();
    for (String odd : List.of("[z-a]", "[^]", "[!]", "[&&]", "[", "[a-", "[]", "\\E[")) {
      assertThat(GlobPattern.matches(odd, "b")).as(odd).isFalse();
    }
    assertThat(GlobPattern.matches("**/".repeat(2500) + "x", "a/".repeat(50) + "y")).isFalse();
    assertThat(GlobPattern.matches("*a".repeat(3000) + "b", "a".repeat(100))).isFalse();
  }

  @Test
  void noHeaderOfAReadmeTakesLongOrEscapes() throws IOException {
    json("train.jsonl", "a");
    for (String header :
        List.of(
            "---\n" + "\n".repeat(200_000),
            "---" + "\n".repeat(50_000) + "---\n",
            "---\nconfigs: " + "[".repeat(50_000) + "\n---\n",
            "---\nconfigs: \"\\x\"\n---\n",
            "---\nconfigs: " + "x".repeat(1_000_000) + "\n---\n",
            "---\nconfigs:\n- " + "- ".repeat(20_000) + "a\n---\n",
            "---\na: &a [x]\nconfigs: [*a, *b]\n---\n")) {
      write("README.md", header);
      String shown = header.substring(0, Math.min(40, header.length()));
      try {
        assertThat(read(HuggingFaceDataset.in(dir))).as(shown).hasSize(1);
      } catch (MixlawException e) {
        assertThat(e.getMessage()).as(shown).contains("README.md").hasSizeLessThan(1000);
      }
    }
  }

  private void json(String name, String text) throws IOException {
    write(name, "{\"text\":\"" + text + "\"}\n");
  }

  private void write(String name, String content) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private static void assertRefused(HuggingFaceDataset dataset, String... said) {
    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(() -> read(dataset))
        .satisfies(e -> assertThat(e.getMessage()).contains("corpus hub").contains(said));
  }

  private static List<String> texts(HuggingFaceDataset dataset) {
    return read(dataset).stream().map(Document::text).toList();
  }

  private static List<Document> read(HuggingFaceDataset dataset) {
    List<Document> all = new ArrayList<>();
    try (DocumentStream stream = Corpora.open(dataset.corpus("hub"))) {
      stream.forEachRemaining(all::add);
    }
    return all;
  }
}
