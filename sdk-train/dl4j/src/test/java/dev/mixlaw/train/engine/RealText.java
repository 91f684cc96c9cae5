package dev.mixlaw.train.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Natural text, of which each byte is a token. */
record RealText(byte[] bytes) {
  static final int VOCABULARY = 256;

  /** Returns a short text from the test resources. */
  static RealText small() throws IOException {
    try (InputStream text = RealText.class.getResourceAsStream("llama/text.txt")) {
      return new RealText(text.readAllBytes());
    }
  }

  /** Returns a corpus from the shared test data; skips the test if it does not exist. */
  static RealText corpus(String name) throws IOException {
    Path root = shared();
    Assumptions.assumeTrue(
        root != null, "skipped: no shared/data/corpora; set MIXLAW_SHARED to the folder it is in");
    ObjectMapper json = new ObjectMapper();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Path file = root.resolve("data/corpora/natural/train").resolve(name + ".jsonl");
    for (String line : Files.readAllLines(file)) {
      JsonNode text = json.readTree(line).path("text");
      all.writeBytes(text.asText().getBytes(StandardCharsets.UTF_8));
      all.write('\n');
    }
    return new RealText(all.toByteArray());
  }

  private static @Nullable Path shared() {
    String said = System.getProperty("MIXLAW_SHARED", System.getenv("MIXLAW_SHARED"));
    if (said != null) {
      return Path.of(said);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("shared/data/corpora"))) {
        return at.resolve("shared");
      }
    }
    return null;
  }

  /** Returns a batch of sequences from random positions of the text. */
  int[] batch(int sequences, int context, long seed) {
    Random random = new Random(seed);
    int[] batch = new int[sequences * (context + 1)];
    for (int s = 0; s < sequences; s++) {
      int from = random.nextInt(bytes.length - context);
      for (int i = 0; i <= context; i++) {
        batch[s * (context + 1) + i] = bytes[from + i] & 0xff;
      }
    }
    return batch;
  }
}
