package dev.mixlaw.mix.generate.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.spi.GeneratorException;
import dev.mixlaw.api.spi.GeneratorException.Failure;
import dev.mixlaw.api.spi.TextGenerator.Settings;
import dev.mixlaw.api.spi.TextGenerator.Written;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes requests and reads answers as JSON. */
final class OpenAiJson {
  /** Accepts NaN, which Python servers write, and control characters that servers do not escape. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .build();

  /** All servers accept seeds of 31 bits, but not all accept more. */
  private static final long SEED_BITS = 0x7fffffffL;

  /** Matches finish reasons, in lower case, that mean that an answer is complete. */
  private static final Pattern WHOLE =
      Pattern.compile(
          "stop(?:ped|_sequence|_token)?|eos(?:_token)?|end_turn|end_of_text|completed?");

  private static final Pattern FILTERED =
      Pattern.compile(
          "content_filter(?:ed)?|safety|recitation|blocklist|prohibited_content|spii|guardrail"
              + "|refusal|sensitive");

  private static final Pattern FAILED =
      Pattern.compile(
          "error|abort(?:ed)?|cancell?ed|network_error|timeout|insufficient_system_resource");

  private OpenAiJson() {}

  /** Converts a parameter to JSON. Maps are sorted, so that the result is the same in every JVM. */
  static JsonNode parameter(String field, Object value) {
    if (value instanceof Map<?, ?> map) {
      ObjectNode node = JSON.createObjectNode();
      Map<String, Object> sorted = new TreeMap<>();
      map.forEach((name, of) -> sorted.put(name.toString(), of));
      sorted.forEach((name, of) -> node.set(name, parameter(field + "." + name, of)));
      return node;
    } else if (value instanceof List<?> list) {
      ArrayNode node = JSON.createArrayNode();
      list.forEach(element -> node.add(parameter(field, element)));
      return node;
    } else if (value instanceof String || value instanceof Boolean || value instanceof JsonNode) {
      return JSON.valueToTree(value);
    } else if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      return JSON.valueToTree(value);
    }
    throw new IllegalArgumentException(
        "parameter %s: %s of %s; expected a finite number, text, boolean, list or map"
            .formatted(field, value, value.getClass().getSimpleName()));
  }

  static byte[] request(
      String model,
      boolean chat,
      Optional<String> system,
      String prompt,
      Settings settings,
      String tokenLimitField,
      Map<String, JsonNode> extra) {
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
    request.put("stream", false);
    request.setAll(extra);
    try {
      return JSON.writeValueAsBytes(request);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a request cannot be written as JSON", e);
    }
  }

  /**
   * Reads a reply with a success status. An answer is complete if its finish reason says so, or if
   * it has no finish reason and fewer tokens than allowed.
   *
   * @throws GeneratorException if the reply is truncated, is an error, or contains no answer
   */
  static Written written(HttpConnection.Reply reply, Settings settings, OpenAiErrors errors) {
    JsonNode root;
    try {
      String body = reply.body().stripLeading();
      root = body.matches("(?s)(?:data|event|id|retry)?:.*") ? joined(body) : JSON.readTree(body);
    } catch (JsonProcessingException | RuntimeException e) { // Jackson throws both
      throw errors.failure(Failure.UNAVAILABLE, notJson(reply, errors), e);
    }
    JsonNode choice = root.path("choices").path(0);
    if (choice.isMissingNode()) {
      if (root.hasNonNull("error")) {
        throw errors.of(new HttpConnection.Reply(reply.status(), reply.headers(), root.toString()));
      }
      throw errors.failure(
          Failure.UNAVAILABLE, "the answer has no choices: " + errors.excerpt(reply.body()), null);
    }
    String reason = text(choice.path("finish_reason"));
    String finish = reason.toLowerCase(Locale.ROOT);
    if (FILTERED.matcher(finish).matches() || choice.path("message").hasNonNull("refusal")) {
      throw errors.failure(Failure.PROMPT, "refused by the endpoint's content filter", null);
    }
    if (FAILED.matcher(finish).matches() || choice.hasNonNull("error")) {
      throw errors.failure(
          Failure.UNAVAILABLE,
          "the endpoint broke off the answer: "
              + errors.excerpt(reason + " " + choice.path("error")),
          null);
    }
    OptionalLong wrote = count(root.path("usage"), "completion_tokens");
    boolean cutOff =
        finish.isEmpty()
            ? wrote.orElse(0) >= settings.maxTokens()
            : !WHOLE.matcher(finish).matches();
    String text = answer(choice);
    if (cutOff && text.isBlank()) {
      throw errors.failure(
          Failure.PROMPT,
          "the answer was cut off before it began, finish reason \"%s\""
              .formatted(errors.excerpt(reason)),
          null);
    }
    return new Written(text, cutOff, count(root.path("usage"), "prompt_tokens"), wrote);
  }

  private static String notJson(HttpConnection.Reply reply, OpenAiErrors errors) {
    String body = reply.body().strip();
    String type = reply.header("Content-Type");
    if (body.startsWith("<") || !type.matches("(?i)|.*(?:json|event-stream).*")) {
      return "the answer is not JSON but "
          + (type.isEmpty() ? "another format" : errors.excerpt(type))
          + ": "
          + errors.excerpt(body);
    }
    return "truncated or damaged JSON after " + reply.body().length() + " characters";
  }

  /** Joins a stream of server-sent events, which some servers send even if it was not requested. */
  private static JsonNode joined(String stream) throws JsonProcessingException {
    StringBuilder text = new StringBuilder();
    JsonNode finish = MissingNode.getInstance();
    JsonNode usage = MissingNode.getInstance();
    for (String line : (Iterable<String>) stream.lines()::iterator) {
      String data = line.startsWith("data:") ? line.substring(5).strip() : "";
      if (data.isEmpty() || data.equals("[DONE]")) {
        continue;
      }
      JsonNode chunk = JSON.readTree(data);
      if (chunk.hasNonNull("error")) {
        return chunk;
      }
      JsonNode choice = chunk.path("choices").path(0);
      text.append(text(choice.path("delta").path("content"))).append(text(choice.path("text")));
      finish = choice.hasNonNull("finish_reason") ? choice.get("finish_reason") : finish;
      usage = chunk.hasNonNull("usage") ? chunk.get("usage") : usage;
    }
    if (finish.isMissingNode()) {
      throw new IllegalStateException("the stream has no finish reason");
    }
    ObjectNode root = JSON.createObjectNode();
    root.putArray("choices").addObject().put("text", text.toString()).set("finish_reason", finish);
    return usage.isMissingNode() ? root : root.set("usage", usage);
  }

  /** Reads the text of an answer, which is a string, null or a list of parts. */
  private static String answer(JsonNode choice) {
    JsonNode content = choice.path("message").path("content");
    if (content.isArray()) {
      StringBuilder parts = new StringBuilder();
      content.forEach(part -> parts.append(text(part.path("text"))));
      return parts.toString();
    }
    return content.isTextual() ? content.textValue() : text(choice.path("text"));
  }

  private static String text(JsonNode node) {
    return node.isTextual() ? node.textValue() : "";
  }

  private static OptionalLong count(JsonNode usage, String field) {
    JsonNode count = usage.path(field);
    return count.canConvertToExactIntegral() && count.canConvertToLong()
        ? OptionalLong.of(count.asLong())
        : OptionalLong.empty();
  }

  /**
   * The description of an error in a reply.
   *
   * @param message message of the error; empty if there is none
   * @param codes code, type and status of the error; empty if there are none
   * @param all the whole text of the reply
   */
  record ErrorBody(String message, String codes, String all) {}

  /** Reads an error reply, which may be JSON or a page in another format. */
  static ErrorBody error(String reply) {
    try {
      JsonNode root = JSON.readTree(reply);
      root = root.isArray() ? root.path(0) : root;
      JsonNode error = root.hasNonNull("error") ? root.get("error") : root;
      String message =
          error.isTextual()
              ? error.textValue()
              : text(error.hasNonNull("message") ? error.get("message") : error.path("detail"));
      String codes =
          Stream.of(error.path("code"), error.path("type"), error.path("status"))
              .filter(JsonNode::isValueNode)
              .map(JsonNode::asText)
              .collect(Collectors.joining(" "));
      return new ErrorBody(message, codes, error.toString());
    } catch (JsonProcessingException | RuntimeException e) { // the caller quotes the reply
      return new ErrorBody("", "", reply);
    }
  }
}
