package dev.mixlaw.mix.corpus;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Compression formats, recognised by the end of a file name. */
enum Compression {
  NONE("") {
    @Override
    InputStream decompress(InputStream in) {
      return in;
    }
  },
  GZIP(".gz") {
    @Override
    InputStream decompress(InputStream in) throws IOException {
      return new GZIPInputStream(in, BUFFER);
    }
  },
  ZSTD(".zst") {
    @Override
    InputStream decompress(InputStream in) throws IOException {
      return Zstd.stream(in);
    }

    @Override
    Optional<String> missingLibrary() {
      try {
        Class.forName("com.github.luben.zstd.ZstdInputStream", false, Zstd.class.getClassLoader());
        return Optional.empty();
      } catch (ClassNotFoundException e) {
        return Optional.of("com.github.luben:zstd-jni");
      }
    }
  };

  private static final int BUFFER = 1 << 16;

  private final String suffix;

  Compression(String suffix) {
    this.suffix = suffix;
  }

  /** Returns the format that the end of a file name stands for, in upper or lower case. */
  static Compression ofName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(GZIP.suffix) ? GZIP : lower.endsWith(ZSTD.suffix) ? ZSTD : NONE;
  }

  /** Removes the ending of this format from a file name. */
  String strip(String name) {
    return name.substring(0, name.length() - suffix.length());
  }

  /** Returns the artifact that this format needs, if it is not on the class path. */
  Optional<String> missingLibrary() {
    return Optional.empty();
  }

  /** Opens a file and decompresses it. If this fails, the file is closed. */
  InputStream open(Path file) throws IOException {
    // GZIPInputStream calls available() to see whether another member follows: hence the buffer.
    InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
    try {
      return decompress(in);
    } catch (IOException | RuntimeException | LinkageError e) {
      try (in) {
        throw e;
      }
    }
  }

  abstract InputStream decompress(InputStream in) throws IOException;

  /** A class of its own, loaded only for .zst files: zstd-jni is an optional dependency. */
  private static final class Zstd {
    static InputStream stream(InputStream in) throws IOException {
      return new ZstdInputStream(in);
    }
  }
}
