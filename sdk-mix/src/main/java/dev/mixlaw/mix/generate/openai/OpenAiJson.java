package dev.mixlaw.mix.generate.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.spi.GeneratorException;
import dev.mixlaw.api.spi.GeneratorException.Failure;
import dev.mixlaw.api.spi.TextGenerator.Settings;
import dev.mixlaw.api.spi.TextGenerator.Written;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes requests and reads answers as JSON. */
final class OpenAiJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Servers accept seeds of different ranges; all accept 31 bits. */
  private static final long SEED_BITS = 0x7fffffffL;

  private OpenAiJson() {}

  static byte[] request(
      String model,
      boolean chat,
      Optional<String> system,
      String prompt,
      Settings settings,
      String tokenLimitField,
      Map<String, Object> extra) {
    ObjectNode request = JSON.createObjectNode();
    request.put("model", model);
    if (chat) {
      ArrayNode messages = request.putArray("messages");
      system.ifPresent(text -> messages.addObject().put("role", "system").put("content", text));
      messages.addObject().put("role", "user").put("content", prompt);
    } else {
      request.put("prompt", system.map(text -> text + prompt).orElse(prompt));
    }
    request.put(tokenLimitField, settings.maxTokens());
    request.put("temperature", settings.temperature());
    request.put("seed", settings.seed() & SEED_BITS);
    extra.forEach(request::putPOJO);
    try {
      return JSON.writeValueAsBytes(request);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a parameter of the endpoint is not a JSON value", e);
    }
  }

  /**
   * Reads a reply of status 200.
   *
   * @throws GeneratorException if the reply is truncated or contains no answer
   */
  static Written written(String reply) {
    JsonNode root;
    try {
      root = JSON.readTree(reply);
    } catch (JsonProcessingException e) {
      throw new GeneratorException(
          Failure.UNAVAILABLE,
          "truncated or damaged JSON after " + reply.length() + " characters",
          Optional.empty(),
          e);
    }
    JsonNode choice = root.path("choices").path(0);
    if (choice.isMissingNode()) {
      throw new GeneratorException(
          Failure.UNAVAILABLE, "the answer has no choices: " + OpenAiErrors.excerpt(reply));
    }
    String finish = choice.path("finish_reason").asText();
    if (finish.equals("content_filter") || choice.path("message").hasNonNull("refusal")) {
      throw new GeneratorException(Failure.PROMPT, "refused by the endpoint's content filter");
    }
    boolean cutOff = finish.equals("length");
    String text = text(choice);
    if (cutOff && text.isBlank()) {
      throw new GeneratorException(
          Failure.PROMPT, "the token limit was reached before the answer began");
    }
    JsonNode usage = root.path("usage");
    return new Written(
        text, cutOff, count(usage, "prompt_tokens"), count(usage, "completion_tokens"));
  }

  /** Reads the text, which is a string, null or a list of parts. */
  private static String text(JsonNode choice) {
    JsonNode content = choice.path("message").path("content");
    if (content.isArray()) {
      StringBuilder parts = new StringBuilder();
      content.forEach(part -> parts.append(part.path("text").asText()));
      return parts.toString();
    }
    return content.isTextual() ? content.asText() : choice.path("text").asText();
  }

  private static OptionalLong count(JsonNode usage, String field) {
    JsonNode count = usage.path(field);
    return count.isIntegralNumber() ? OptionalLong.of(count.asLong()) : OptionalLong.empty();
  }

  /** Returns a field of an error, such as its message or code; empty if there is none. */
  static String errorField(String reply, String field) {
    try {
      JsonNode root = JSON.readTree(reply);
      JsonNode error = root.has("error") ? root.get("error") : root;
      if (error.isTextual() && field.equals("message")) {
        return error.asText();
      }
      return error.path(field).asText();
    } catch (JsonProcessingException e) {
      return ""; // an error page; the caller shows its beginning
    }
  }
}
