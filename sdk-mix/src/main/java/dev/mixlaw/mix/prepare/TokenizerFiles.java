package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.token.Tokenizers;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/**
 * A tokenizer that other processes can open.
 *
 * @param files content of {@code tokenizer.json} and the files next to it, by name; empty for a GPT
 *     encoding
 * @param name name of the tokenizer; if {@code files} is empty, name of the GPT encoding
 */
record TokenizerFiles(TreeMap<String, byte[]> files, String name, String fingerprint)
    implements Serializable {
  private static final String FILE = "tokenizer.json";

  static TokenizerFiles of(Tokenizer tokenizer) {
    TreeMap<String, byte[]> files = new TreeMap<>();
    inTemporaryDirectory(
        directory -> {
          tokenizer.save(directory.resolve(FILE));
          for (Path file : list(directory)) {
            files.put(file.getFileName().toString(), Files.readAllBytes(file));
          }
          return tokenizer;
        });
    return new TokenizerFiles(files, tokenizer.name(), tokenizer.fingerprint());
  }

  /** Opens the tokenizer. The caller must close it. */
  Tokenizer open() {
    Tokenizer tokenizer = files.isEmpty() ? Tokenizers.open(TokenizerSpec.gpt(name)) : saved();
    if (!tokenizer.fingerprint().equals(fingerprint)) {
      throw new IllegalStateException("tokenizer " + name + " differs in another process");
    }
    return tokenizer;
  }

  private Tokenizer saved() {
    return inTemporaryDirectory(
        directory -> {
          for (String file : files.keySet()) {
            Files.write(directory.resolve(file), files.get(file));
          }
          return Tokenizers.open(TokenizerSpec.huggingFace(directory.resolve(FILE)));
        });
  }

  @FunctionalInterface
  private interface Work {
    Tokenizer in(Path directory) throws IOException;
  }

  private static Tokenizer inTemporaryDirectory(Work work) {
    try {
      Path directory = Files.createTempDirectory("mixlaw-tokenizer");
      try {
        return work.in(directory);
      } finally {
        for (Path file : list(directory)) {
          Files.delete(file);
        }
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a tokenizer cannot be copied", e);
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.toList();
    }
  }
}
