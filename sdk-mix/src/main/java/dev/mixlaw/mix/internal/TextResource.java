package dev.mixlaw.mix.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Reads the text files that are packaged with the classes. */
public final class TextResource {
  private TextResource() {}

  /** Returns the content of a file in the package of a class. */
  public static String read(Class<?> owner, String name) {
    try (InputStream in = owner.getResourceAsStream(name)) {
      byte[] bytes = Objects.requireNonNull(in, () -> "resource " + name).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("resource " + name, e);
    }
  }

  /** Returns the lines of a file, without blank lines and comments, which start with #. */
  public static List<String> lines(Class<?> owner, String name) {
    return read(owner, name)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }
}
