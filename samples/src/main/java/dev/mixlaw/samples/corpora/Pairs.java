package dev.mixlaw.samples.corpora;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.Hashing;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Pairs of a text that people wrote and its rephrasing by a model. The pairs form two corpora with
 * the same ids.
 */
final class Pairs {
  private static final String REPHRASE = "rephrase/";

  private Pairs() {}

  /**
   * The files of the two corpora. Documents in the same line have the same id.
   *
   * @param model name of the model that rephrased the texts
   */
  record Sides(Path natural, Path rephrased, String model) {}

  /** A text that people wrote, and its rephrasings by the name of the model. */
  record Pair(String id, String natural, Map<String, String> rephrased) {}

  static Sides split(Path file, Path work) {
    List<Pair> pairs = read(file);
    String fingerprint;
    try {
      fingerprint = Hashing.sha256(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    String model =
        counts(pairs).entrySet().stream()
            .max(Map.Entry.<String, Integer>comparingByValue())
            .orElseThrow(
                () -> problem(file.toString(), "no pair is rephrased", REPHRASE + "MODEL", null))
            .getKey();
    List<Document> natural = new ArrayList<>();
    List<Document> rephrased = new ArrayList<>();
    for (Pair pair : pairs) {
      String text = pair.rephrased().get(model);
      if (text != null) {
        natural.add(new Document(pair.id(), pair.natural()));
        rephrased.add(new Document(pair.id(), text));
      }
    }
    Manifest manifest = new Manifest(work, "pairs 1, " + model + ", " + fingerprint);
    if (!manifest.complete()) {
      manifest.write("natural.jsonl", () -> DocumentStream.of(natural), "human side of " + file);
      manifest.write("rephrased.jsonl", () -> DocumentStream.of(rephrased), model + " in " + file);
      manifest.save();
    }
    return new Sides(work.resolve("natural.jsonl"), work.resolve("rephrased.jsonl"), model);
  }

  /** Returns the number of texts that each model rephrased. */
  static Map<String, Integer> counts(List<Pair> pairs) {
    Map<String, Integer> counts = new TreeMap<>();
    pairs.forEach(p -> p.rephrased().keySet().forEach(m -> counts.merge(m, 1, Integer::sum)));
    return counts;
  }

  static List<Document> rephrasings(Path file) {
    List<Document> all = new ArrayList<>();
    for (Pair pair : read(file)) {
      pair.rephrased().forEach((by, text) -> all.add(new Document(pair.id() + ":" + by, text)));
    }
    return all;
  }

  static List<Pair> read(Path file) {
    ObjectMapper json = new ObjectMapper();
    List<Pair> pairs = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String at = file + ":" + ++number;
        JsonNode record;
        try {
          record = json.readTree(line);
        } catch (JsonProcessingException e) {
          throw problem(at, e.getOriginalMessage(), "a JSON object", e);
        }
        String id = record.path("id").asText("");
        String text = record.path("text").asText("");
        if (id.isEmpty() || text.isBlank()) {
          throw problem(at, "no id or no text", "\"id\", \"text\" and \"synthetic\"", null);
        }
        Map<String, String> rephrased = new TreeMap<>();
        for (Map.Entry<String, JsonNode> version : record.path("synthetic").properties()) {
          String by = version.getKey();
          if (by.startsWith(REPHRASE) && !version.getValue().asText("").isBlank()) {
            rephrased.put(by.substring(REPHRASE.length()), version.getValue().asText());
          }
        }
        pairs.add(new Pair(id, text, rephrased));
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return pairs;
  }

  private static MixlawException unreadable(Path file, IOException cause) {
    return problem(file.toString(), cause.toString(), "JSON Lines in UTF-8", cause);
  }

  private static MixlawException problem(
      String at, String actual, String allowed, @Nullable Exception cause) {
    return MixlawException.data("pairs at " + at, actual, allowed, "correct the file", cause);
  }
}
