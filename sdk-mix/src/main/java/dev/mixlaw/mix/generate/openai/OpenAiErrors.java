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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Creates all exceptions of an endpoint, none of which reveals the API key. Errors are classified
 * first by status, then by code, and then by the text of the message.
 */
final class OpenAiErrors {
  private static final int EXCERPT = 300;

  /** Number of characters of an error page that are searched. */
  private static final int SEARCHED = 10_000;

  /** Matches messages of servers that state that a prompt is too long. */
  private static final Pattern TOO_LONG =
      Pattern.compile(
          "context[ _](?:length|size|window)|maximum context|exceeds? the (?:available )?context"
              + "|too long|too many tokens|reduce the length|string_above_max_length"
              + "|(?:input|prompt|sequence)s?`?(?: tokens?)?(?: count| length|_len)?[^.;]{0,80}?"
              + "(?:exceed|longer|too large|must be <)");

  /** Matches messages of servers that state that a prompt is not allowed. */
  private static final Pattern NOT_ALLOWED =
      Pattern.compile(
          "content[ _-]?(?:filter|policy|management)|moderation|flagged|inappropriate|inspection"
              + "|usage polic|invalid_prompt|responsible ?ai|unsafe content");

  private static final Pattern OUT_OF_CREDIT =
      Pattern.compile(
          "insufficient[ _](?:quota|credit|balance|funds)|billing_hard_limit"
              + "|exceeded your current quota|out of credit|credit balance|no credit");

  private static final Pattern TRY_AGAIN =
      Pattern.compile(
          "\\b(?:try(?: again)?|retry)(?: (?:in|after) ((?:\\d{1,6}(?:\\.\\d+)? ?(?:ms|[smh])"
              + "[a-z]*[ ,]*)+))?");
  private static final Pattern AMOUNT = Pattern.compile("(\\d+(?:\\.\\d+)?) ?(ms|[smh])");

  private final String model;
  private final Optional<ApiKey> key;
  private final Instant now;

  OpenAiErrors(String model, Optional<ApiKey> key, Instant now) {
    this.model = model;
    this.key = key;
    this.now = now;
  }

  private record Cause(Failure failure, String description) {}

  GeneratorException of(HttpConnection.Reply reply) {
    OpenAiJson.ErrorBody error = OpenAiJson.error(reply.body());
    String shown = excerpt(error.message().isBlank() ? reply.body() : error.message());
    String codes = error.codes().toLowerCase(Locale.ROOT);
    String all = codes + " " + error.all().toLowerCase(Locale.ROOT);
    all = all.substring(0, Math.min(SEARCHED, all.length()));
    int status = reply.status() / 100 == 2 ? statusOf(codes, all) : reply.status();
    Optional<Duration> retryAfter = wait(reply.header("Retry-After")).or(() -> waitInWords(shown));
    Cause cause =
        status == 429
            ? tooManyRequests(codes, all, retryAfter)
            : cause(status, !error.message().isBlank(), all, reply.header("Location"));
    return failure(
        cause.failure(),
        cause.description()
            + (", status " + reply.status())
            + (shown.isBlank() ? "" : ": " + shown),
        retryAfter,
        null);
  }

  private Cause cause(int status, boolean explained, String all, String location) {
    if (status >= 500) {
      return new Cause(Failure.UNAVAILABLE, "the endpoint failed");
    }
    boolean notAllowed = NOT_ALLOWED.matcher(all).find();
    return switch (status) {
      case 408, 409, 425 -> new Cause(Failure.UNAVAILABLE, "the endpoint failed");
      case 401, 403 ->
          status == 403 && explained && notAllowed
              ? new Cause(Failure.PROMPT, "the prompt is refused")
              : new Cause(
                  Failure.GENERATOR,
                  "the key is refused" + (key.isEmpty() ? " (none is set)" : ""));
      case 402 -> new Cause(Failure.GENERATOR, "the account has no credit left");
      case 404 -> new Cause(Failure.GENERATOR, "no such model (" + model + ") or path");
      case 413 -> new Cause(Failure.PROMPT, "the prompt is too long");
      default -> {
        if (status < 400) {
          yield new Cause(
              Failure.GENERATOR,
              "the endpoint redirects"
                  + (location.isEmpty() ? "" : " to " + excerpt(location))
                  + ", which is not followed because the key is meant only for this address");
        }
        yield notAllowed || TOO_LONG.matcher(all).find()
            ? new Cause(Failure.PROMPT, "the prompt is refused")
            : new Cause(Failure.REFUSED, "the request is refused");
      }
    };
  }

  /**
   * Classifies a 429 response as a temporary rate limit or as exhausted credit. The message of a
   * rate limit is not searched, because it may link to a billing page.
   */
  private static Cause tooManyRequests(String codes, String all, Optional<Duration> retryAfter) {
    boolean passing = retryAfter.isPresent() || TRY_AGAIN.matcher(all).find();
    return OUT_OF_CREDIT.matcher(passing ? codes : all).find()
        ? new Cause(Failure.GENERATOR, "the account has no credit left")
        : new Cause(Failure.UNAVAILABLE, "too many requests");
  }

  /** Returns the HTTP status for an error that was sent with a success status. */
  private static int statusOf(String codes, String all) {
    Matcher number = Pattern.compile("\\b[45]\\d\\d\\b").matcher(codes);
    if (number.find()) {
      return Integer.parseInt(number.group());
    } else if (codes.matches(".*(?:api_?key|authenticat|unauthorized|permission).*")) {
      return 401;
    } else if (codes.matches(".*(?:rate_?limit|quota|exhausted).*")) {
      return 429;
    } else if (codes.contains("model_not_found")) {
      return 404;
    }
    return TOO_LONG.matcher(all).find() || NOT_ALLOWED.matcher(all).find() ? 400 : 500;
  }

  GeneratorException failure(Failure failure, String reason, @Nullable Throwable cause) {
    return failure(failure, reason, Optional.empty(), cause);
  }

  private GeneratorException failure(
      Failure failure, String reason, Optional<Duration> retryAfter, @Nullable Throwable cause) {
    Throwable shown = cause;
    for (Throwable t = cause; t != null; t = t.getCause()) {
      shown = t.toString().equals(hide(t.toString())) ? shown : null;
    }
    return new GeneratorException(failure, hide(reason), retryAfter, shown);
  }

  private String hide(String text) {
    return key.map(k -> k.hide(text)).orElse(text);
  }

  /** Parses seconds or a date (RFC 9110, section 10.2.3). Anything else is ignored. */
  private Optional<Duration> wait(String retryAfter) {
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

  /** Parses a time such as the one in "Please try again in 6m0.5s". */
  private static Optional<Duration> waitInWords(String message) {
    Matcher words = TRY_AGAIN.matcher(message.toLowerCase(Locale.ROOT));
    Duration sum = Duration.ZERO;
    while (words.find() && sum.isZero()) {
      Matcher amount = AMOUNT.matcher(words.group(1) == null ? "" : words.group(1));
      while (amount.find()) {
        double unit =
            switch (amount.group(2)) {
              case "ms" -> 1;
              case "s" -> 1000;
              case "m" -> 60_000;
              default -> 3_600_000;
            };
        sum = sum.plusMillis((long) Math.ceil(Double.parseDouble(amount.group(1)) * unit));
      }
    }
    return sum.isZero() ? Optional.empty() : Optional.of(sum);
  }

  /** Returns the beginning of a text on one line, without the key and invisible characters. */
  String excerpt(String text) {
    String line = hide(text).strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
    return line.length() <= EXCERPT ? line : line.substring(0, EXCERPT) + "…";
  }
}
