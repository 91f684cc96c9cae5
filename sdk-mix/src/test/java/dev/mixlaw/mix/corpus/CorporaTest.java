package dev.mixlaw.mix.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.github.luben.zstd.ZstdOutputStream;
import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.TextFiles;
import dev.mixlaw.mix.Shared;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CorporaTest {
  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  @TempDir private Path dir;

  @Test
  void readsTheTextFieldOfEachLine() throws IOException {
    Path file =
        write("web.jsonl", "{\"text\":\"one\\n1\"}\n{\"x\":[{\"text\":3}],\"text\":\"two\"}");

    assertThat(read(Corpus.jsonl(file)))
        .containsExactly(new Document("web.jsonl:1", "one\n1"), new Document("web.jsonl:2", "two"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":{\"b\":\"deep\"}}                       | a.b",
        "{\"a.b\":\"flat\"}                             | a.b",
        "{\"a\":{\"x\":1},\"a.b\":\"flat, after\"}      | a.b",
        "{\"out\":{\"by/Gemini-1.5\":\"dots in it\"}}   | out.by/Gemini-1.5"
      })
  void aDottedFieldIsAPathOrAName(String record, String field) throws IOException {
    Path file = write("web.jsonl", record);

    assertThat(read(Corpus.jsonl(file).textField(field)))
        .singleElement()
        .satisfies(document -> assertThat(record).contains(document.text()));
  }

  @Test
  void toleratesByteOrderMarksCarriageReturnsAndBlankLines() throws IOException {
    Path json = write("a.jsonl", "\uFEFF{\"text\":\"one\"}\r\n\r\n  \n{\"text\":\"two\"}\r\n");
    Path lines = write("b.txt", "\uFEFFone\r\n\ntwo");

    assertThat(read(Corpus.jsonl(json)))
        .containsExactly(new Document("a.jsonl:1", "one"), new Document("a.jsonl:4", "two"));
    assertThat(read(Corpus.lines(lines)))
        .containsExactly(new Document("b.txt:1", "one"), new Document("b.txt:3", "two"));
  }

  @Test
  void aTextFileIsOneDocument() throws IOException {
    Path file = write("book.txt", "Chapter 1\n\nIt was late.\n");

    assertThat(read(Corpus.text(file)))
        .containsExactly(new Document("book.txt", "Chapter 1\n\nIt was late.\n"));
  }

  @Test
  void aDirectoryIsReadInTheOrderOfNamesWithoutHiddenFiles() throws IOException {
    write("texts/b.jsonl", "{\"text\":\"second\"}\n{\"text\":\"third\"}");
    write("texts/a.txt", "first");
    write("texts/sub/c.md", "fourth");
    write("texts/.hidden", "no");
    write("texts/.git/config", "no");

    assertThat(read(Corpus.directory(dir.resolve("texts"))))
        .containsExactly(
            new Document("a.txt", "first"),
            new Document("b.jsonl:1", "second"),
            new Document("b.jsonl:2", "third"),
            new Document("sub/c.md", "fourth"));
  }

  @Test
  void gzipOfSeveralMembersAndZstdOfSeveralFramesAreReadWhole() throws IOException {
    byte[] gzip = concat(gzip("{\"text\":\"one\"}\n{\"te"), gzip("xt\":\"two\"}\n"));
    byte[] zstd = concat(zstd("{\"text\":\"three\"}\n"), zstd("{\"text\":\"four\"}\n"));
    Files.write(dir.resolve("a.jsonl.gz"), gzip);
    Files.write(dir.resolve("b.jsonl.ZST"), zstd);

    assertThat(read(Corpus.directory(dir)))
        .extracting(Document::text)
        .containsExactly("one", "two", "three", "four");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"text\":\"cut                | invalid JSON",
        "{\"text\":\"a\"} {\"text\":\"b\"} | more than one JSON object",
        "[\"text\"]                     | not a JSON object",
        "{\"id\":{\"a\":1},\"txt\":\"a\"} | no field \"text\"; fields: id, txt",
        "{\"text\":7}                   | field \"text\" is not a string",
        "{\"text\":null}                | field \"text\" is not a string",
        "{\"text\":\" \"}               | field \"text\" is empty",
        "{\"text\":\"\\ud83d\"}         | unpaired surrogate",
      })
  void malformedRecordsAreSkippedAndCounted(String record, String reason) throws IOException {
    Path file = write("web.jsonl", "{\"text\":\"good\"}\n" + record + "\n{\"text\":\"better\"}\n");

    try (DocumentStream stream = Corpora.open(Corpus.jsonl(file))) {
      assertThat(drain(stream)).extracting(Document::text).containsExactly("good", "better");
      assertThat(stream.skipped()).isEqualTo(1);
      assertThat(stream.skippedExamples())
          .singleElement()
          .asString()
          .startsWith("web.jsonl:2: ")
          .contains(reason);
    }
  }

  @Test
  void reportsTheLineOfInvalidUtf8() throws IOException {
    Path lines = dir.resolve("lines.txt");
    Files.write(lines, concat(bytes("good\nb"), new byte[] {(byte) 0xE4, 'd', '\n'}, bytes("ok")));

    try (DocumentStream stream = Corpora.open(Corpus.lines(lines))) {
      assertThat(drain(stream)).extracting(Document::text).containsExactly("good", "ok");
      assertThat(stream.skippedExamples())
          .containsExactly("lines.txt:2: not UTF-8: byte 0xE4 at position 2");
    }
    assertData(Corpus.text(lines).badRecordFraction(0)).contains("lines.txt:2", "byte 0xE4");
  }

  @Test
  void moreMalformedRecordsThanAllowedAreAnError() throws IOException {
    String bad = "{\"text\":1}\n";
    Path file = write("web.jsonl", ("{\"text\":\"good\"}\n" + bad).repeat(101));

    assertData(Corpus.jsonl(file))
        .contains("corpus web", "101 of 202 records", "web.jsonl:2", "at most 100 (fraction 0.01)");
    assertData(Corpus.jsonl(file).badRecordFraction(0.49)).contains("badRecordFraction");
    assertThat(read(Corpus.jsonl(file).badRecordFraction(0.5))).hasSize(101);
    assertThat(read(TextPath.of(file).badRecordFraction(0.5).corpus())).hasSize(101);
    assertThat(read(TextPath.of(dir).badRecordFraction(0.5).corpus())).hasSize(101);
    assertThat(read(HuggingFaceDataset.in(dir).badRecordFraction(0.5).corpus("a"))).hasSize(101);
    assertData(Corpus.jsonl(file).badRecordFraction(0)).contains("1 of 2 records", "at most 0");
  }

  /**
   * The limit on malformed records is a fraction, because an absolute number would refuse every
   * large corpus.
   */
  @Test
  void blankTextsAndOneInAHundredMalformedRecordsAreSkipped() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 30_000; i++) {
      lines.append(
          i % 8 == 3 ? "{\"text\": \" \"}\n" : i % 128 == 0 ? "{x\n" : "{\"text\": \"a\"}\n");
    }
    Path file = write("web.jsonl", lines.toString());
    try (DocumentStream stream = Corpora.open(TextPath.of(file).corpus())) {
      stream.forEachRemaining(document -> {});

      assertThat(stream.skipped()).isEqualTo(30_000 / 8 + 235);
    }
    assertData(TextPath.of(file).badRecordFraction(0).corpus()).contains("at most 0");
    assertData(TextPath.of(dir).badRecordFraction(0).corpus()).contains("at most 0");
  }

  @Test
  void skipsALineOverTheLimit() throws IOException {
    Path file = write("long.txt", "short\n" + "x".repeat(300_000) + "\nlast\n");
    Corpus corpus = Corpus.lines(file);
    TextFiles files = corpus.files().orElseThrow();

    try (DocumentStream stream =
        new FileDocumentStream(
            "long",
            files,
            CorpusFiles.list("long", files),
            entry -> FileFormats.open(entry, files.textField(), 200_000))) {
      assertThat(drain(stream)).extracting(Document::text).containsExactly("short", "last");
      assertThat(stream.skippedExamples()).containsExactly("long.txt:2: longer than 200000 bytes");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gz", "zst"})
  void aTruncatedFileIsAlwaysAnError(String suffix) throws IOException {
    String text = "{\"text\":\"some words that are here\"}\n".repeat(1000);
    byte[] whole = suffix.equals("gz") ? gzip(text) : zstd(text);
    Path file = dir.resolve("web.jsonl." + suffix);
    Files.write(file, Arrays.copyOf(whole, whole.length - 10));

    assertData(Corpus.jsonl(file)).contains("corpus web", "web.jsonl." + suffix + ":", "undamaged");
  }

  @Test
  void aFileThatIsNotGzipIsAnError() throws IOException {
    Path file = write("web.jsonl.gz", "{\"text\":\"plain\"}\n");

    assertData(Corpus.jsonl(file)).contains("corpus web", "web.jsonl.gz:1", "not gzip");
  }

  @Test
  void reportsMissingAndEmptyCorpora() throws IOException {
    Files.createDirectories(dir.resolve("nothing/.hidden"));

    assertData(Corpus.jsonl(dir.resolve("gone.jsonl"))).contains("corpus gone", "no such file");
    assertData(Corpus.directory(dir.resolve("nothing"))).contains("corpus nothing", "is empty");
    assertData(Corpus.jsonl(write("void.jsonl", ""))).contains("corpus void", "empty");
    assertData(Corpus.lines(write("blank.txt", "\n \n"))).contains("corpus blank", "empty");
    assertData(Corpus.text(write("page.txt", "\n"))).contains("corpus page", "page.txt:1");
    assertData(Corpus.jsonl(write("bad.jsonl", "oops"))).contains("corpus bad", "1 skipped");
  }

  @Test
  void suppliedDocumentsComeFromTheirSource() {
    List<Document> documents = List.of(new Document("1", "mine"));
    Corpus supplied = Corpus.documents("mine", () -> DocumentStream.of(documents));

    assertThat(read(supplied)).isEqualTo(documents);
  }

  @Test
  void aClosedStreamHasNoDocuments() throws IOException {
    Path file = write("web.txt", "one\ntwo\nthree");

    DocumentStream stream = Corpora.open(Corpus.lines(file));
    assertThat(stream.next().text()).isEqualTo("one");
    stream.close();

    assertThat(stream.hasNext()).isFalse();
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(stream::next);
  }

  @Test
  void filesAreClosedAtTheEndAndOnErrors() throws IOException {
    assumeThat(OPEN_FILES).as("a system that shows open files").isDirectory();
    write("texts/a.jsonl", "{\"text\":\"one\"}\n".repeat(3));
    Files.write(dir.resolve("texts/b.jsonl.gz"), Arrays.copyOf(gzip("x".repeat(999)), 15));
    write("texts/c.jsonl.zst", "no zstd");
    Path texts = dir.resolve("texts");

    assertThat(read(Corpus.jsonl(texts.resolve("a.jsonl")))).hasSize(3);
    assertData(Corpus.jsonl(texts.resolve("b.jsonl.gz"))).contains("b.jsonl.gz");
    assertData(Corpus.jsonl(texts.resolve("c.jsonl.zst"))).contains("c.jsonl.zst");
    assertData(Corpus.directory(texts).textField("gone").badRecordFraction(0))
        .contains("a.jsonl:1");
    DocumentStream stopped = Corpora.open(Corpus.jsonl(texts.resolve("a.jsonl")));
    stopped.next();
    assertThat(openBelow(texts)).isOne();
    stopped.close();

    assertThat(openBelow(texts)).isZero();
  }

  @Test
  void theSharedCorporaHaveNoMalformedRecord() {
    Path train = Shared.corpora().resolve("natural/train");

    try (DocumentStream stream = Corpora.open(Corpus.directory(train))) {
      assertThat(drain(stream)).hasSize(12_741);
      assertThat(stream.skipped()).isZero();
    }
  }

  @Test
  void withoutZstdJniTheArtifactIsNamed() throws Exception {
    Files.write(dir.resolve("web.jsonl.zst"), zstd("{\"text\":\"one\"}"));

    assertThat(ReadingWithout.library("zstd-jni", "jsonl", dir.resolve("web.jsonl.zst")))
        .hasMessageContaining("corpus web")
        .hasMessageContaining("com.github.luben:zstd-jni");
  }

  private AbstractStringAssert<?> assertData(Corpus corpus) {
    MixlawException[] thrown = new MixlawException[1];
    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(() -> read(corpus))
        .satisfies(e -> thrown[0] = e);
    assertThat(thrown[0].kind()).isEqualTo(MixlawException.Kind.DATA);
    return assertThat(thrown[0].getMessage());
  }

  private static List<Document> read(Corpus corpus) {
    try (DocumentStream stream = Corpora.open(corpus)) {
      return drain(stream);
    }
  }

  private static List<Document> drain(DocumentStream stream) {
    List<Document> all = new ArrayList<>();
    stream.forEachRemaining(all::add);
    return all;
  }

  private Path write(String name, String text) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static long openBelow(Path directory) throws IOException {
    long count = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(OPEN_FILES)) {
      for (Path file : files) {
        boolean there = Files.isSymbolicLink(file); // the listing's own entry is closed by now
        count += there && Files.readSymbolicLink(file).startsWith(directory.toRealPath()) ? 1 : 0;
      }
    }
    return count;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(bytes(text));
    }
    return bytes.toByteArray();
  }

  private static byte[] zstd(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdOutputStream(bytes)) {
      out.write(bytes(text));
    }
    return bytes.toByteArray();
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }
}
