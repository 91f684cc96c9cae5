package dev.mixlaw.mix.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.luben.zstd.ZstdOutputStream;
import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.results.CorpusKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextPathTest {
  private static final String WET =
      "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Date: 2024-02-20T00:00:00Z\r\n"
          + "WARC-Record-ID: <urn:uuid:6c3a0f52-1f00-4d2c-a1a8-0123456789ab>\r\n"
          + "Content-Type: text/plain\r\nContent-Length: 4\r\n\r\npage\r\n\r\n";

  @TempDir private Path dir;

  @Test
  void recognisesTheFormatOfAFileByItsName() throws Exception {
    json("web.v2.jsonl", "line");
    write("note.TXT", "two\nlines");
    write("crawl.warc.wet", WET);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(dir.resolve("z.json.gz")))) {
      out.write("{\"text\":\"zipped\"}\n".getBytes(StandardCharsets.UTF_8));
    }
    try (OutputStream out =
        new ZstdOutputStream(Files.newOutputStream(dir.resolve("s.ndjson.zst")))) {
      out.write("{\"text\":\"squeezed\"}\n".getBytes(StandardCharsets.UTF_8));
    }
    parquet("rows.parquet");

    assertThat(texts(at("web.v2.jsonl").corpus())).containsExactly("line");
    assertThat(texts(at("note.TXT").corpus())).containsExactly("two\nlines");
    assertThat(texts(at("crawl.warc.wet").corpus())).containsExactly("page");
    assertThat(texts(at("z.json.gz").heldOut())).containsExactly("zipped");
    assertThat(texts(at("s.ndjson.zst").corpus())).containsExactly("squeezed");
    assertThat(texts(at("rows.parquet").corpus())).hasSize(38);
    assertThat(at("web.v2.jsonl").corpus().name()).isEqualTo("web");
    assertThat(at("web.v2.jsonl").corpus().kind()).isEqualTo(CorpusKind.NATURAL);
  }

  @Test
  void ignoresOtherFilesOfAFolder() throws IOException {
    json("en.wiki/b.jsonl", "b");
    write("en.wiki/a/part.txt", "first\nsecond");
    write("en.wiki/README.md", "no document");
    write("en.wiki/a.csv", "no,document");
    write("en.wiki/.cache/c.jsonl", "hidden");
    json("en.wiki/dataset_info.json", "a description");
    json("en.wiki/my_train.jsonl", "a word in one name makes no split");

    Corpus corpus = at("en.wiki").corpus();

    assertThat(read(corpus))
        .containsExactly(
            new Document("a/part.txt", "first\nsecond"),
            new Document("b.jsonl:1", "b"),
            new Document("my_train.jsonl:1", "a word in one name makes no split"));
    assertThat(corpus.name()).isEqualTo("en.wiki");
    assertThat(texts(at("en.wiki").heldOut())).isEqualTo(texts(corpus));
    assertThat(texts(TextPath.of(dir.resolve("en.wiki/.")).corpus())).hasSize(3);
  }

  @Test
  void recognisesADatasetByWordsShardsOrReadme() throws IOException {
    json("words/train/0.jsonl", "w train");
    json("words/valid/0.jsonl", "w valid");
    json("words/test/0.jsonl", "w test");
    json("shards/data/train-00000-of-00001.jsonl", "s train");
    json("shards/data/test-00000-of-00001.jsonl", "s test");
    json("shards/extra/more.jsonl", "s left over");
    json("card/a.jsonl", "c train");
    json("card/b.jsonl", "c no split");
    write("card/README.md", "---\nconfigs:\n- config_name: x\n  data_files: a.jsonl\n---\n");
    json("only/data/train-00000-of-00001.jsonl", "o train");
    json("odd/train.jsonl", "d train");
    json("odd/test.jsonl", "d test");
    write("lines/train.txt", "one\ntwo\n");
    write("lines/dev.txt", "three\n");

    assertThat(texts(at("words").corpus())).containsExactly("w train");
    assertThat(texts(at("words").heldOut())).containsExactly("w valid");
    assertThat(at("words").corpus().name()).isEqualTo("words");
    assertThat(texts(at("shards").corpus())).containsExactly("s train");
    assertThat(texts(at("shards").heldOut())).containsExactly("s test");
    assertThat(texts(at("card").corpus())).containsExactly("c train");
    assertThat(texts(at("card").heldOut())).containsExactly("c train");
    assertThat(texts(at("only").heldOut())).containsExactly("o train");
    assertThat(texts(at("odd").heldOut())).containsExactly("d test");
    assertThat(texts(at("lines").corpus())).containsExactly("one", "two");
    assertThat(at("lines").holdsOut()).isTrue();
    assertThat(at("lines/train.txt").holdsOut()).isFalse();
    assertThat(at("only").holdsOut()).isFalse();
  }

  @Test
  void eachEntryOfAFolderIsATextOfItsOwn() throws IOException {
    json("all/eval_web.jsonl", "web");
    json("all/eval_news.jsonl", "news");
    json("all/hub/train/0.jsonl", "hub train");
    json("all/hub/dev/0.jsonl", "hub dev");
    write("all/LICENSE", "x");
    write("all/.git/config.json", "x");
    Files.createDirectory(dir.resolve("all/empty"));

    assertThat(at("all").each())
        .extracting(t -> t.heldOut().name() + " " + texts(t.heldOut()))
        .containsExactly("eval_news [news]", "eval_web [web]", "hub [hub dev]");
    assertThat(at("all").ignored())
        .containsExactly(dir.resolve("all/LICENSE"), dir.resolve("all/empty"));
  }

  @Test
  void theTextFieldAppliesToFilesFoldersAndDatasets() throws IOException {
    write("f.jsonl", "{\"content\":\"a\"}");
    write("g/train/0.jsonl", "{\"content\":\"b\"}");
    write("g/test/0.jsonl", "{\"content\":\"c\"}");
    write("h/0.jsonl", "{\"content\":\"d\"}");

    assertThat(texts(at("f.jsonl").textField("content").corpus())).containsExactly("a");
    assertThat(at("").textField("content").each())
        .extracting(t -> texts(t.heldOut()))
        .containsExactly(List.of("a"), List.of("c"), List.of("d"));
  }

  @Test
  void reportsUnknownFormatsWithTheKnownOnes() throws IOException {
    write("table.csv", "x");
    write("web_text_document.bin", "x");
    write("rows.parquet.gz", "x");
    write("pile/paper.pdf", "x");

    assertRefused(() -> at("gone").corpus(), "gone", "no such file or directory");
    assertRefused(() -> at("table.csv").corpus(), "table.csv", "unknown file extension", "*.jsonl");
    assertRefused(() -> at("rows.parquet.gz").heldOut(), "unknown file extension", "or *.parquet");
    assertRefused(() -> at("web_text_document.bin").corpus(), "MegatronTokens");
    assertRefused(() -> at("pile").corpus(), "pile", "no text in this directory", "files named");
    assertRefused(() -> at("gone").each(), "texts in", "does not exist");
    json("mixed/data/train-00000-of-00001.jsonl", "x");
    json("mixed/data/extra-00000-of-00001.jsonl", "y");
    assertRefused(() -> texts(at("mixed").heldOut()), "no split \"validation\"", "[extra, train]");
  }

  private static void assertRefused(ThrowingCallable call, String... said) {
    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.DATA))
        .satisfies(e -> assertThat(e.getMessage()).contains(said));
  }

  private TextPath at(String name) {
    return TextPath.of(dir.resolve(name));
  }

  private void parquet(String name) throws Exception {
    Files.copy(
        Path.of(getClass().getResource("/parquet/plain-v1.parquet").toURI()), dir.resolve(name));
  }

  private void json(String name, String text) throws IOException {
    write(name, "{\"text\":\"" + text + "\"}\n");
  }

  private void write(String name, String content) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private static List<String> texts(Corpus corpus) {
    return read(corpus).stream().map(Document::text).toList();
  }

  private static List<Document> read(Corpus corpus) {
    List<Document> all = new ArrayList<>();
    try (DocumentStream stream = Corpora.open(corpus)) {
      stream.forEachRemaining(all::add);
    }
    return all;
  }
}
