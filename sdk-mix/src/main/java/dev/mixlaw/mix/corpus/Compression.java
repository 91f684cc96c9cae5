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

/** How a file is compressed, told from its name. */
public enum Compression {
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

  /** By the end of a file's name, upper or lower case. */
  public static Compression ofName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(GZIP.suffix) ? GZIP : lower.endsWith(ZSTD.suffix) ? ZSTD : NONE;
  }

  /** A file's name without the ending that says how it is compressed. */
  String strip(String name) {
    return name.substring(0, name.length() - suffix.length());
  }

  /** The artifact that is needed and not there. */
  Optional<String> missingLibrary() {
    return Optional.empty();
  }

  /** Opens a file; nothing stays open if that fails. */
  public InputStream open(Path file) throws IOException {
    // Buffered also because GZIPInputStream asks available() whether another member follows.
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

  /** Loaded only when a file needs it: zstd-jni is an optional dependency. */
  private static final class Zstd {
    static InputStream stream(InputStream in) throws IOException {
      return new ZstdInputStream(in);
    }
  }
}
