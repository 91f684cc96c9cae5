package dev.mixlaw.train.rounds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.TextDiversity;
import dev.mixlaw.api.results.TextDiversity.Measure;
import dev.mixlaw.api.rounds.RoundKey;
import dev.mixlaw.api.rounds.Writing;
import dev.mixlaw.api.rounds.WrittenText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** Data cards as JSON. */
final class DataCards {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int FORMAT = 2;

  private DataCards() {}

  /**
   * A card.
   *
   * @param identity of all that decides the text
   * @param sha256 of the text's file
   */
  record Card(String identity, String sha256, WrittenText text) {}

  static byte[] write(Card card) {
    WrittenText text = card.text();
    ObjectNode json = MAPPER.createObjectNode();
    json.put("format", FORMAT);
    json.put("identity", card.identity());
    json.put("text", text.key().label() + ", written by the model of " + text.key());
    json.put("generator", text.generator());
    Writing w = text.writing();
    json.put("prompt_tokens", w.promptTokens());
    json.put("temperature", w.temperature());
    json.put("top_p", w.topP());
    json.put("writing", w.toString());
    json.put("documents", text.documents());
    json.put("dropped_without_a_word", text.dropped());
    json.put("tokens", text.tokens());
    json.put("flops", text.flops());
    json.put("seconds", text.seconds());
    json.put("sha256", card.sha256());
    if (text.diversity() instanceof Answer.Known<TextDiversity> known) {
      TextDiversity d = known.value();
      ObjectNode diversity = json.putObject("diversity");
      diversity.put("documents", d.documents()).put("words", d.words());
      d.figures().forEach((measure, e) -> put(diversity, measure.key(), e));
    } else if (text.diversity() instanceof Answer.Refused<TextDiversity> refused) {
      json.putObject("diversity_refused")
          .put("question", refused.refusal().question())
          .put("reason", refused.refusal().reason())
          .put("remedy", refused.refusal().remedy());
    }
    return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void put(ObjectNode to, String name, Estimate e) {
    to.putObject(name)
        .put("value", e.value())
        .put("low", e.interval().low())
        .put("high", e.interval().high());
  }

  /**
   * Reads a card.
   *
   * @throws IOException if it is not one
   */
  static Card read(byte[] bytes, RoundKey key, Path file, Writing writing) throws IOException {
    JsonNode json = MAPPER.readTree(bytes);
    if (json == null || json.path("format").asInt() != FORMAT) {
      throw new IOException("not a data card of format " + FORMAT);
    }
    return new Card(
        json.path("identity").asText(),
        json.path("sha256").asText(),
        new WrittenText(
            key,
            json.path("generator").asText(),
            file,
            writing,
            json.path("documents").asLong(),
            json.path("dropped_without_a_word").asLong(),
            json.path("tokens").asLong(),
            json.path("flops").asDouble(),
            json.path("seconds").asDouble(),
            diversity(json)));
  }

  private static Answer<TextDiversity> diversity(JsonNode json) throws IOException {
    if (json.has("diversity_refused")) {
      JsonNode r = json.get("diversity_refused");
      return Answer.refused(
          r.path("question").asText(), r.path("reason").asText(), r.path("remedy").asText());
    }
    JsonNode d = json.path("diversity");
    Map<Measure, Estimate> figures = new EnumMap<>(Measure.class);
    for (Measure measure : Measure.values()) {
      figures.put(measure, estimate(d, measure.key()));
    }
    return Answer.known(
        new TextDiversity(d.path("documents").asLong(), d.path("words").asLong(), figures));
  }

  private static Estimate estimate(JsonNode of, String name) throws IOException {
    JsonNode e = of.path(name);
    if (!e.path("value").isNumber() || !e.path("low").isNumber() || !e.path("high").isNumber()) {
      throw new IOException(name + " is missing");
    }
    return Estimate.of(
        e.get("value").asDouble(), e.get("low").asDouble(), e.get("high").asDouble());
  }
}
