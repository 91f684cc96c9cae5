package dev.mixlaw.mix.corpus;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import dev.mixlaw.api.internal.io.Closing;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A compression format, identified by the extension of a file name. */
enum Compression {
  NONE,
  GZIP(".gz"),
  ZSTD(".zst", ".zstd");

  private static final int BUFFER = 1 << 16;

  /** Number of bytes that are read to detect the type of a file. Git LFS pointers are shorter. */
  private static final int START = 1024;

  private final List<String> suffixes;

  Compression(String... suffixes) {
    this.suffixes = List.of(suffixes);
  }

  static Compression ofName(String name) {
    return Arrays.stream(values()).filter(c -> c.suffixLength(name) > 0).findFirst().orElse(NONE);
  }

  String strip(String name) {
    return name.substring(0, name.length() - suffixLength(name));
  }

  private int suffixLength(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return suffixes.stream().filter(lower::endsWith).mapToInt(String::length).findFirst().orElse(0);
  }

  /** Returns the artifact that provides this format if it is missing from the class path. */
  Optional<String> missingLibrary() {
    return this == ZSTD && !FileFormats.exists("com.github.luben.zstd.ZstdInputStream")
        ? Optional.of("com.github.luben:zstd-jni")
        : Optional.empty();
  }

  /** Opens and decompresses a file. The file is closed if this method throws an exception. */
  InputStream open(Path file) throws IOException {
    return Closing.onFailure(
        new BufferedInputStream(Files.newInputStream(file), BUFFER),
        in -> {
          in.mark(START);
          byte[] start = in.readNBytes(START);
          in.reset();
          check(start);
          return switch (this) {
            case NONE -> in;
            case GZIP -> new GzipStream(in);
            case ZSTD -> Zstd.stream(in);
          };
        });
  }

  private void check(byte[] start) throws UnsuitableFileException {
    String bytes = new String(start, StandardCharsets.ISO_8859_1);
    if (bytes.startsWith("version https://git-lfs.github.com/spec/") && bytes.length() < START) {
      throw new UnsuitableFileException(
          "a Git LFS pointer instead of the file", "fetch the file with git lfs pull");
    }
    boolean bzip2 = bytes.startsWith("BZh") && bytes.startsWith("1AY&SY", 4);
    if (bzip2 || bytes.startsWith("\u00FD7zXZ\0")) {
      throw new UnsuitableFileException(
          "compressed with " + (bzip2 ? "bzip2" : "xz"), "compress the file with gzip or zstd");
    }
    Compression found =
        bytes.startsWith("\u001F\u008B\b")
            ? GZIP
            : bytes.startsWith("(\u00B5/\u00FD") ? ZSTD : this;
    if (found != this) {
      throw new UnsuitableFileException(
          "compressed with %s, but its name lacks the extension"
              .formatted(found.name().toLowerCase(Locale.ROOT)),
          "rename the file so that its name ends in " + found.suffixes.get(0));
    }
  }

  /** A class that is loaded only for .zst files, because zstd-jni is an optional dependency. */
  private static final class Zstd {
    static InputStream stream(InputStream in) throws IOException {
      return new ZstdInputStream(in) {
        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          try {
            return super.read(bytes, offset, length);
          } catch (ZstdIOException e) {
            if (e.getErrorCode() == com.github.luben.zstd.Zstd.errFrameParameterWindowTooLarge()) {
              throw new UnsuitableFileException(
                  "compressed with a window of more than 128 MB",
                  "compress the file again with zstd, without --long or with at most --long=27");
            }
            throw e;
          }
        }
      };
    }
  }
}
