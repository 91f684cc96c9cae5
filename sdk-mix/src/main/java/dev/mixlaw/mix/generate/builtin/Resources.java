package dev.mixlaw.mix.generate.builtin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Texts that come with the library, such as prompts. */
final class Resources {
  private Resources() {}

  /** A text beside a class, without white space around it. */
  static String text(Class<?> owner, String name) {
    try (InputStream in = owner.getResourceAsStream(name)) {
      byte[] bytes = Objects.requireNonNull(in, () -> "resource " + name).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("resource " + name, e);
    }
  }
}
