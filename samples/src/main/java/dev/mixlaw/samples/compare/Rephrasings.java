package dev.mixlaw.samples.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The rephrased texts in a file of pairs: {@code "synthetic": {"rephrase/MODEL": text, ...}}. */
record Rephrasings(Path pairs) implements DocumentSource {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public DocumentStream open() {
    try {
      return new Reading(Files.newBufferedReader(pairs, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw problem("", e);
    }
  }

  private MixlawException problem(String line, Exception cause) {
    return new MixlawException(
        MixlawException.Kind.DATA,
        new Problem("pairs " + pairs + line, cause.toString(), "JSON Lines in UTF-8", "DIR"),
        cause);
  }

  private final class Reading implements DocumentStream {
    private final BufferedReader lines;
    private final Queue<Document> ready = new ArrayDeque<>();
    private int number;

    Reading(BufferedReader lines) {
      this.lines = lines;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty()) {
        String line = nextLine();
        if (line == null) {
          return false;
        }
        try {
          for (Map.Entry<String, JsonNode> version :
              JSON.readTree(line).path("synthetic").properties()) {
            String text = version.getValue().asText("");
            if (version.getKey().startsWith("rephrase/") && !text.isBlank()) {
              ready.add(new Document(number + ":" + version.getKey(), text));
            }
          }
        } catch (JsonProcessingException e) {
          throw problem(":" + number, e);
        }
      }
      return true;
    }

    private @Nullable String nextLine() {
      try {
        number++;
        return lines.readLine();
      } catch (IOException e) {
        throw problem(":" + number, e);
      }
    }

    @Override
    public Document next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.remove();
    }

    @Override
    public void close() {
      try {
        lines.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
