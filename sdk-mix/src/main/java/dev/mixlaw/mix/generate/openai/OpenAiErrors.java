package dev.mixlaw.mix.generate.openai;

import dev.mixlaw.api.spi.GeneratorException;
import dev.mixlaw.api.spi.GeneratorException.Failure;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Turns replies other than 200 into exceptions. */
final class OpenAiErrors {
  private static final int EXCERPT = 300;

  /** How vLLM, llama.cpp, Ollama and OpenAI say that a prompt is too long or not allowed. */
  private static final Pattern ABOUT_THE_PROMPT =
      Pattern.compile(
          "context[ _](?:length|size|window)|maximum context|exceeds? the (?:available )?context"
              + "|too long|too many tokens|content_filter|content policy|content_policy");

  private static final Pattern OUT_OF_MONEY =
      Pattern.compile("insufficient_quota|billing|insufficient[ _]credit|payment");

  private record Cause(Failure failure, String description) {}

  private OpenAiErrors() {}

  static GeneratorException of(
      HttpConnection.Reply reply, String model, Optional<ApiKey> key, Instant now) {
    String message = OpenAiJson.errorField(reply.body(), "message");
    String told = message.isBlank() ? reply.body() : message;
    String shown = excerpt(key.map(k -> k.hide(told)).orElse(told));
    String codes =
        OpenAiJson.errorField(reply.body(), "code")
            + " "
            + OpenAiJson.errorField(reply.body(), "type");
    String all = (codes + " " + shown).toLowerCase(Locale.ROOT);
    String status = "status " + reply.status();
    boolean mayPass =
        reply.status() >= 500
            || reply.status() == 408
            || reply.status() == 425
            || reply.status() == 429;
    Cause cause =
        switch (reply.status()) {
          case 401, 403 ->
              new Cause(
                  Failure.GENERATOR,
                  "the key is refused" + (key.isEmpty() ? " (none is set)" : ""));
          case 404 -> new Cause(Failure.GENERATOR, "no such model (" + model + ") or path");
          case 402 -> new Cause(Failure.GENERATOR, "the account has no credit left");
          case 413 -> new Cause(Failure.PROMPT, "the prompt is too long");
          default -> {
            if (ABOUT_THE_PROMPT.matcher(all).find() && reply.status() != 429) {
              yield new Cause(Failure.PROMPT, "the prompt is refused");
            } else if (mayPass && !OUT_OF_MONEY.matcher(all).find()) {
              yield new Cause(
                  Failure.UNAVAILABLE,
                  reply.status() == 429 ? "too many requests" : "the endpoint failed");
            }
            yield new Cause(Failure.GENERATOR, "the request is refused");
          }
        };
    return new GeneratorException(
        cause.failure(),
        cause.description() + ", " + status + (shown.isBlank() ? "" : ": " + shown),
        reply.retryAfter().flatMap(value -> wait(value, now)),
        null);
  }

  /** Parses seconds or a date (RFC 9110, section 10.2.3); ignores anything else. */
  static Optional<Duration> wait(String retryAfter, Instant now) {
    String value = retryAfter.strip();
    if (value.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }
    try {
      Instant then = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Returns the beginning of a text, on one line. */
  static String excerpt(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= EXCERPT ? line : line.substring(0, EXCERPT) + "…";
  }
}
