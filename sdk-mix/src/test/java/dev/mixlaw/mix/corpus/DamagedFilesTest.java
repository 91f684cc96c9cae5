package dev.mixlaw.mix.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.luben.zstd.ZstdOutputStream;
import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests files that are damaged, files whose content does not match their name, and links. */
class DamagedFilesTest {
  private static final String RECORD = "{\"text\": \"a\"}\n";
  private static final String POINTER =
      "version https://git-lfs.github.com/spec/v1\noid sha256:0123456789abcdef\nsize 12345\n";

  @TempDir private Path dir;

  /** A damaged or truncated part of a gzip file must not end the text without an error. */
  @Test
  void anyDamageToAGzipFileIsAnError() throws IOException {
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    for (int i = 0; i < 3; i++) {
      gzip(members, RECORD + RECORD);
    }
    byte[] whole = members.toByteArray();
    int size = whole.length / 3;
    Path file = dir.resolve("a.jsonl.gz");
    assertThat(read(Corpus.jsonl(Files.write(file, whole)))).hasSize(6);

    for (int length = 1; length < whole.length; length++) {
      if (length % size != 0) {
        assertRefused(Corpus.jsonl(Files.write(file, Arrays.copyOf(whole, length))), "a.jsonl.gz");
      }
    }
    for (int at = 0; at < whole.length; at++) {
      int inHeader = at % size;
      boolean checked = inHeader < 3 || inHeader > 9; // time, level and system are not checked
      if (checked && inHeader != size - 9) { // the last bits of the data are padding
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) 0xE4;
        assertRefused(Corpus.jsonl(Files.write(file, damaged)), "a.jsonl.gz");
      }
    }
    byte[] padded = Arrays.copyOf(whole, whole.length + 512);
    assertThat(read(Corpus.jsonl(Files.write(file, padded)))).hasSize(6);
    padded[padded.length - 1] = 1;
    assertRefused(Corpus.jsonl(Files.write(file, padded)), "zero bytes");
  }

  @Test
  void allPartsOfAGzipHeaderAreReadPast() throws IOException {
    byte[] plain = gzip(new ByteArrayOutputStream(), RECORD).toByteArray();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {0x1F, (byte) 0x8B, 8, 2 | 4 | 8 | 16, 1, 2, 3, 4, 0, 3});
    bytes.writeBytes(new byte[] {3, 0, 7, 7, 7, 'n', 'a', 'm', 'e', 0, 'c', 0, 9, 9});
    bytes.write(plain, 10, plain.length - 10);
    Path file = Files.write(dir.resolve("a.jsonl.gz"), bytes.toByteArray());

    assertThat(read(Corpus.jsonl(file))).hasSize(1);
  }

  @Test
  void gzipGivesTheSameBytesWhateverTheSizeOfReads() throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    byte[] data = new byte[300_000];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) random.nextInt(1 + i / 2000);
    }
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(members)) {
      out.write(data, 0, 100_000);
    }
    try (OutputStream out = new GZIPOutputStream(members)) {
      out.write(data, 100_000, 200_000);
    }
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    try (GzipStream in = new GzipStream(new ByteArrayInputStream(members.toByteArray()))) {
      byte[] part = new byte[70_000];
      for (int n = in.read(part, 0, 1); n >= 0; n = in.read(part, 0, random.nextInt(part.length))) {
        read.write(part, 0, n);
      }
    }
    assertThat(read.toByteArray()).isEqualTo(data);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.txt", "a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.wet"})
  void reportsAGitLfsPointer(String name) throws IOException {
    Files.writeString(dir.resolve(name), POINTER);

    assertRefused(Corpus.directory(dir), "Git LFS pointer", "git lfs pull");
  }

  @Test
  void compressionThatTheNameDoesNotStateIsReported() throws IOException {
    Path file = dir.resolve("a.jsonl");
    Files.write(file, gzip(new ByteArrayOutputStream(), RECORD).toByteArray());
    assertRefused(Corpus.jsonl(file), "compressed with gzip", "ends in .gz");
    Files.write(file, zstd(RECORD));
    assertRefused(Corpus.jsonl(file), "compressed with zstd", "ends in .zst");
    Files.write(file, "BZh91AY&SY....".getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(Corpus.jsonl(file), "bzip2");
    Files.write(file, "\u00FD7zXZ\0....".getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(Corpus.jsonl(file), "xz");
    Files.writeString(dir.resolve("b.jsonl.gz"), RECORD);
    assertRefused(
        Corpus.jsonl(dir.resolve("b.jsonl.gz")), "not gzip, or the header of a member is damaged");
    Files.write(dir.resolve("c.jsonl.ZSTD"), zstd(RECORD));
    assertThat(read(Corpus.directory(dir.resolve("c.jsonl.ZSTD"))))
        .containsExactly(new Document("c.jsonl.ZSTD:1", "a"));
  }

  private static byte[] zstd(String text) throws IOException {
    ByteArrayOutputStream zstd = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdOutputStream(zstd)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return zstd.toByteArray();
  }

  /**
   * Writes a frame with a window of 2^28 bytes and one raw block (RFC 8878), as {@code zstd
   * --long=28} does.
   */
  @Test
  void aZstdFileWithAWideWindowIsReported() throws IOException {
    ByteArrayOutputStream zstd = new ByteArrayOutputStream();
    zstd.writeBytes(new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) ((28 - 10) << 3)});
    zstd.writeBytes(new byte[] {(byte) (RECORD.length() << 3 | 1), 0, 0});
    zstd.writeBytes(RECORD.getBytes(StandardCharsets.UTF_8));
    Path file = Files.write(dir.resolve("a.jsonl.zst"), zstd.toByteArray());

    assertRefused(Corpus.jsonl(file), "window of more than 128 MB", "--long=27");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'[{\"text\": \"a\"},\n{\"text\": \"b\"}]' | JSON array",
        "'[\n {\"text\": \"a\"}\n]' | JSON array",
        "'{\n  \"text\": \"a\"\n}' | several lines"
      })
  void jsonThatIsNotOneObjectPerLineIsReported(String json, String said) throws IOException {
    Path file = Files.writeString(dir.resolve("a.json"), json);

    assertRefused(Corpus.jsonl(file), said, "jq -c");
  }

  @Test
  void numbersThatPythonWritesDoNotSpoilARecord() throws IOException {
    Path file =
        Files.writeString(
            dir.resolve("a.jsonl"),
            "{\"p\": NaN, \"q\": -Infinity, \"r\": 1e99999999999, \"text\": \"a\"}\n");

    assertThat(read(Corpus.jsonl(file))).containsExactly(new Document("a.jsonl:1", "a"));
  }

  @Test
  void symbolicLinksAreFollowedAndCyclesAreNot() throws IOException {
    Path data = Files.createDirectories(dir.resolve("data/deep"));
    Files.writeString(data.resolve("a.txt"), "a");
    Path corpus = Files.createDirectory(dir.resolve("corpus"));
    Files.writeString(corpus.resolve("b.txt"), "b");
    try {
      Files.createSymbolicLink(corpus.resolve("link"), dir.resolve("data"));
      Files.createSymbolicLink(data.resolve("up"), dir.resolve("data"));
      Files.createSymbolicLink(dir.resolve("all"), corpus);
    } catch (UnsupportedOperationException e) {
      Assumptions.abort("no symbolic links");
    }
    for (Path path : List.of(corpus, dir.resolve("all"))) {
      assertThat(read(Corpus.directory(path)))
          .extracting(Document::id)
          .containsExactly("b.txt", "link/deep/a.txt");
      assertThat(read(TextPath.of(path).corpus())).hasSize(2);
      assertThat(read(HuggingFaceDataset.in(path).corpus("all"))).hasSize(2);
    }
    Files.createSymbolicLink(corpus.resolve("lost.txt"), dir.resolve("nothing.txt"));
    assertRefused(Corpus.directory(corpus), "lost.txt", "cannot be read");
  }

  @Test
  void filesThatDescribeAFolderAreNotRecords() throws IOException {
    Files.writeString(dir.resolve("a"), RECORD);
    for (String name : List.of("README.md", "LICENSE", "_SUCCESS", "_committed_7")) {
      Files.writeString(dir.resolve(name), "some words");
    }

    assertThat(read(Corpus.jsonl(dir))).extracting(Document::id).containsExactly("a:1");
    assertThat(read(Corpus.directory(dir)))
        .extracting(Document::id)
        .containsExactly("LICENSE", "README.md", "a");
  }

  private static ByteArrayOutputStream gzip(ByteArrayOutputStream to, String text)
      throws IOException {
    try (OutputStream out = new GZIPOutputStream(to)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return to;
  }

  private static void assertRefused(Corpus corpus, String... said) {
    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(() -> read(corpus))
        .satisfies(e -> assertThat(e.getMessage()).contains(said));
  }

  private static List<Document> read(Corpus corpus) {
    List<Document> all = new ArrayList<>();
    try (DocumentStream stream = Corpora.open(corpus)) {
      stream.forEachRemaining(all::add);
    }
    return all;
  }
}
