package dev.mixlaw.mix.generate.builtin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Reads built-in texts, such as prompts. */
final class Resources {
  private Resources() {}

  /** Returns a text from the package of a class, without surrounding white space. */
  static String text(Class<?> owner, String name) {
    try (InputStream in = owner.getResourceAsStream(name)) {
      byte[] bytes = Objects.requireNonNull(in, () -> "resource " + name).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("resource " + name, e);
    }
  }
}
