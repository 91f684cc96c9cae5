package dev.mixlaw.train.rounds;

import dev.mixlaw.api.internal.Hashing;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.api.rounds.RoundKey;
import dev.mixlaw.api.rounds.Writing;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The folder of one text: {@code text.jsonl}, {@code card.json}, and {@code parts/} until the card
 * is written, which says that the text is whole.
 */
final class GeneratedTextStore {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path directory;
  private final Disk disk;

  GeneratedTextStore(Path directory, Disk disk) {
    this.directory = directory;
    this.disk = disk;
  }

  /**
   * Documents that were written together.
   *
   * @param texts that hold a word
   * @param dropped the others
   * @param tokens of the texts, an end of text each
   * @param sampled tokens that the model wrote, those of dropped documents included
   */
  record Part(List<String> texts, long dropped, long tokens, long sampled, double seconds) {
    Part {
      texts = List.copyOf(texts);
    }
  }

  Path text() {
    return directory.resolve("text.jsonl");
  }

  /** Whether a card is there; what it says is not looked at. */
  boolean finished() {
    return Files.exists(directory.resolve("card.json"));
  }

  /** The card of a whole text of this identity; empty if there is none, or it is another's. */
  Optional<DataCards.Card> card(String identity, RoundKey key, Writing writing) {
    Path file = directory.resolve("card.json");
    if (!Files.exists(file) || !Files.exists(text())) {
      return Optional.empty();
    }
    try {
      DataCards.Card card = DataCards.read(Files.readAllBytes(file), key, text(), writing);
      boolean ours = card.identity().equals(identity);
      return ours && card.sha256().equals(Hashing.sha256(text()))
          ? Optional.of(card)
          : Optional.empty();
    } catch (IOException damaged) {
      return Optional.empty(); // written again, from its parts if they are there
    }
  }

  /** Parts of this identity from the first on, without a gap. */
  List<Part> parts(String identity) {
    List<Part> parts = new ArrayList<>();
    while (true) {
      Path file = part(parts.size());
      if (!Files.exists(file)) {
        return parts;
      }
      try {
        JsonNode json = MAPPER.readTree(Files.readAllBytes(file));
        if (!json.path("identity").asText().equals(identity)) {
          return parts;
        }
        List<String> texts = new ArrayList<>();
        json.path("texts").forEach(t -> texts.add(t.asText()));
        parts.add(
            new Part(
                texts,
                json.path("dropped").asLong(),
                json.path("tokens").asLong(),
                json.path("sampled").asLong(),
                json.path("seconds").asDouble()));
      } catch (IOException damaged) {
        return parts;
      }
    }
  }

  void save(String identity, int number, Part part) {
    ObjectNode json = MAPPER.createObjectNode().put("identity", identity);
    ArrayNode texts = json.putArray("texts");
    part.texts().forEach(texts::add);
    json.put("dropped", part.dropped()).put("tokens", part.tokens());
    json.put("sampled", part.sampled()).put("seconds", part.seconds());
    DurableFile.write(part(number), json.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Writes all texts as one file; the hash of its bytes. */
  String join(List<Part> parts, String label) {
    StringBuilder lines = new StringBuilder();
    int number = 0;
    for (Part part : parts) {
      for (String text : part.texts()) {
        lines
            .append(MAPPER.createObjectNode().put("id", label + "/" + number++).put("text", text))
            .append('\n');
      }
    }
    byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
    DurableFile.write(text(), bytes);
    return Hashing.sha256(bytes);
  }

  /** The text is whole: its parts are not needed any more. */
  void finish(DataCards.Card card) {
    DurableFile.write(directory.resolve("card.json"), DataCards.write(card));
    try {
      disk.delete(directory.resolve("parts"));
    } catch (IOException e) {
      throw new MixlawException(
          MixlawException.Kind.STORAGE,
          new Problem(
              "parts of " + text(), String.valueOf(e), "a directory that can be deleted", "it"),
          e);
    }
  }

  private Path part(int number) {
    return directory
        .resolve("parts")
        .resolve(String.format(java.util.Locale.ROOT, "%05d.json", number));
  }
}
