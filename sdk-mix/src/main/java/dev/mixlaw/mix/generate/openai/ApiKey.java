package dev.mixlaw.mix.generate.openai;

import dev.mixlaw.api.internal.Texts;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An API key that is never shown in messages, records or logs. */
final class ApiKey {
  private static final int SHORTEST_HIDDEN = 4;

  private final String secret;
  private final Pattern written;

  ApiKey(String secret) {
    this.secret = secret.strip();
    if (this.secret.isEmpty() || !this.secret.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "key: empty or with invalid characters; expected visible ASCII characters");
    }
    this.written =
        Pattern.compile(
            this.secret.chars().mapToObj(ApiKey::written).collect(Collectors.joining()));
  }

  /**
   * Returns a regular expression for a character in plain text, escaped in JSON, or
   * percent-encoded.
   */
  private static String written(int c) {
    String quoted = Pattern.quote(Character.toString(c));
    return Texts.format("(?:\\\\?%s|(?i:\\\\u00%02x|%%%2$02x))", quoted, c);
  }

  String header() {
    return "Bearer " + secret;
  }

  /** Removes the key from a text. Some servers quote the key when they reject it. */
  String hide(String text) {
    return secret.length() < SHORTEST_HIDDEN ? text : written.matcher(text).replaceAll("[key]");
  }

  @Override
  public String toString() {
    return "[key]";
  }
}
