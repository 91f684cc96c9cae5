package dev.mixlaw.mix.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetTest {
  @TempDir private Path dir;

  /**
   * The child process of {@link #aLargeRowGroupIsReadInLittleMemory}; prints the number of
   * characters in a file.
   */
  public static void main(String[] arguments) {
    long characters = 0;
    try (DocumentStream stream = Corpora.open(Corpus.parquet(Path.of(arguments[0])))) {
      while (stream.hasNext()) {
        characters += stream.next().text().length();
      }
    }
    System.out.println(characters);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain-v1",
        "dictionary-gzip",
        "delta-length-zstd-v2",
        "delta-snappy-v2",
        "lz4-small-pages",
        "large-string"
      })
  void readsWhatArrowWritesAndSkipsNulls(String name) throws Exception {
    Path file = fixture(name);

    try (DocumentStream stream = Corpora.open(Corpus.parquet(file))) {
      assertThat(drain(stream)).containsExactlyElementsOf(documents(file));
      assertThat(stream.skippedExamples())
          .containsExactly(
              name + ".parquet:4: column \"text\" is null",
              name + ".parquet:18: column \"text\" is null");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "ZSTD"})
  void readsWhatApacheWritesInManyRowGroupsAndPages(CompressionCodecName codec) throws IOException {
    Path file = dir.resolve("web.parquet");
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      // half of the rows are the same, so that the writer starts a dictionary and gives it up
      texts.add("row " + (i % 2 == 0 ? i : 1) + " text".repeat(i % 50));
    }
    write(file, codec, 20_000, texts);

    assertThat(read(Corpus.parquet(file))).extracting(Document::text).isEqualTo(texts);
  }

  @Test
  void aDottedColumnLiesInAStructure() throws Exception {
    Path file = fixture("nested");

    List<Document> read = read(Corpus.parquet(file).textField("doc.text"));

    List<Document> wanted = documents(file);
    wanted.removeIf(d -> d.id().endsWith(":6"));
    assertThat(read).isEqualTo(wanted);
  }

  @Test
  void aDirectoryIsReadByNames() throws Exception {
    Files.writeString(dir.resolve("a.jsonl"), "{\"text\":\"one\"}");
    Files.copy(fixture("plain-v1"), dir.resolve("b.PARQUET"));

    assertThat(read(Corpus.directory(dir)))
        .hasSize(39)
        .element(1)
        .isEqualTo(new Document("b.PARQUET:1", "Document 0: end"));
  }

  @Test
  void reportsColumnProblemsOfAllFiles() throws Exception {
    Files.copy(fixture("nested"), dir.resolve("a.parquet"));
    Files.copy(fixture("plain-v1"), dir.resolve("b.parquet"));
    Files.copy(fixture("brotli"), dir.resolve("c.parquet"));

    MixlawException e = refusal(Corpus.parquet(dir).named("hub"));

    assertThat(e.problems()).hasSize(2);
    assertThat(e.problems().get(0).toString())
        .contains("corpus hub", "a.parquet", "no column \"text\"", "doc.text (text)")
        .contains("tags.list.element (list of text)", "number (INT64)", "Corpus.textField");
    assertThat(e.problems().get(1).toString())
        .contains("c.parquet", "compressed with BROTLI", "snappy, zstd");
  }

  @Test
  void columnsOfOtherShapesAreRefused() throws Exception {
    Corpus nested = Corpus.parquet(fixture("nested"));

    assertData(nested.textField("doc")).contains("\"doc\" is nested");
    assertData(nested.textField("tags")).contains("\"tags\" is nested");
    assertData(nested.textField("tags.list.element")).contains("does not have one text per row");
    assertData(nested.textField("number")).contains("does not have one text per row");
  }

  @Test
  void bytesWithoutAnnotationAreReadWhereTheyAreUtf8() throws Exception {
    try (DocumentStream stream =
        Corpora.open(Corpus.parquet(fixture("nested")).textField("blob"))) {
      assertThat(drain(stream))
          .hasSize(38)
          .first()
          .isEqualTo(new Document("nested.parquet:3", "ok"));
      assertThat(stream.skippedExamples())
          .contains("nested.parquet:1: not UTF-8: byte 0xFF at position 1");
    }
  }

  @Test
  void reportsIncompleteParquetFiles() throws Exception {
    byte[] whole = Files.readAllBytes(fixture("plain-v1"));
    Path file = dir.resolve("web.parquet");

    Files.write(file, Arrays.copyOf(whole, whole.length - 100));
    assertData(Corpus.parquet(file)).contains("web.parquet", "truncated");
    Files.writeString(file, "{\"text\":\"this is something else\"}");
    assertData(Corpus.parquet(file)).contains("not Parquet");
    Files.write(file, new byte[0]);
    assertData(Corpus.parquet(file)).contains("not Parquet: the file has only 0 bytes");
    Files.write(dir.resolve("web.parquet.gz"), whole);
    assertData(Corpus.directory(dir.resolve("web.parquet.gz"))).contains("decompress the file");
    write(file, CompressionCodecName.SNAPPY, 1 << 20, List.of());
    assertData(Corpus.parquet(file)).contains("corpus web is empty");
  }

  @Test
  void aDamagedPageIsFoundByItsChecksum() throws Exception {
    byte[] bytes = Files.readAllBytes(fixture("delta-length-zstd-v2"));
    byte[] magic = {(byte) 0x28, (byte) 0xB5, 0x2F, (byte) 0xFD};
    int text = 0;
    for (int found = 0; found < 2; text++) { // the second compressed page is the first of texts
      found += Arrays.equals(bytes, text, text + 4, magic, 0, 4) ? 1 : 0;
    }
    bytes[text + 40] ^= 1;
    Path file = Files.write(dir.resolve("web.parquet"), bytes);

    assertData(Corpus.parquet(file)).contains("reading failed at web.parquet:1", "checksum");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain-v1", "dictionary-gzip", "delta-snappy-v2", "lz4-small-pages"})
  void damagedFilesCauseErrorsOnly(String name) throws Exception {
    byte[] whole = Files.readAllBytes(fixture(name));
    SplittableRandom random = new SplittableRandom(name.hashCode());
    for (int i = 0; i < 400; i++) {
      byte[] bytes = whole.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      Path file = Files.write(dir.resolve("web.parquet"), bytes);
      try {
        assertThat(read(Corpus.parquet(file))).hasSizeLessThanOrEqualTo(40);
      } catch (MixlawException e) {
        assertThat(e).hasMessageContaining("web");
      } catch (RuntimeException | OutOfMemoryError e) {
        Files.copy(file, Path.of("target/damaged.parquet"), StandardCopyOption.REPLACE_EXISTING);
        fail("copied to target/damaged.parquet", e);
      }
    }
  }

  @Test
  void aLargeRowGroupIsReadInLittleMemory() throws Exception {
    Path file = dir.resolve("large.parquet");
    SplittableRandom random = new SplittableRandom(1);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      texts.add(Long.toString(random.nextLong(), 36).repeat(300));
    }
    write(file, CompressionCodecName.UNCOMPRESSED, 1 << 30, texts);
    assertThat(file).satisfies(f -> assertThat(Files.size(f)).isGreaterThan(60_000_000));

    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx24m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                ParquetTest.class.getName(),
                file.toString())
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(child.waitFor()).isZero();
    assertThat(said.strip())
        .isEqualTo(Long.toString(texts.stream().mapToLong(String::length).sum()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet-column", "parquet-format-structures", "aircompressor"})
  void withoutTheLibrariesTheArtifactsAreNamed(String library) throws Exception {
    assertThat(ReadingWithout.library(library, "parquet", fixture("plain-v1")))
        .hasMessageContaining("corpus plain-v1")
        .hasMessageContaining("a dependency on")
        .hasMessageContaining(":" + library);
  }

  private static Path fixture(String name) throws URISyntaxException {
    return Path.of(ParquetTest.class.getResource("/parquet/" + name + ".parquet").toURI());
  }

  /** Returns the documents that the script {@code make.py} wrote to a file. */
  private static List<Document> documents(Path file) {
    List<Document> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      if (i != 3 && i != 17) {
        String text = "Document " + i + ": " + "über, 漢字, 🙂 ".repeat(i % 7) + "end";
        all.add(new Document(file.getFileName() + ":" + (i + 1), text));
      }
    }
    return all;
  }

  private static void write(
      Path file, CompressionCodecName codec, long rowGroupBytes, List<String> texts)
      throws IOException {
    Files.deleteIfExists(file);
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message row { required int32 n; required binary text (STRING); }");
    try (ParquetWriter<org.apache.parquet.example.data.Group> to =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .withCompressionCodec(codec)
            .withRowGroupSize(rowGroupBytes)
            .withPageSize(4096)
            .build()) {
      for (String text : texts) {
        SimpleGroup row = new SimpleGroup(schema);
        row.add("n", 1);
        row.add("text", text);
        to.write(row);
      }
    }
  }

  private AbstractStringAssert<?> assertData(Corpus corpus) {
    return assertThat(refusal(corpus).getMessage());
  }

  private static MixlawException refusal(Corpus corpus) {
    MixlawException[] thrown = new MixlawException[1];
    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(() -> read(corpus))
        .satisfies(e -> thrown[0] = e);
    assertThat(thrown[0].kind()).isEqualTo(MixlawException.Kind.DATA);
    return thrown[0];
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
}
