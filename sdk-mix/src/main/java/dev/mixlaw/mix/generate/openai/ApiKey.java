package dev.mixlaw.mix.generate.openai;

/** An API key that no message, record or log shows. */
final class ApiKey {
  private static final int SHORTEST_HIDDEN = 4;

  private final String secret;

  ApiKey(String secret) {
    this.secret = secret.strip();
    if (this.secret.isEmpty() || !this.secret.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "key: empty or with invalid characters; expected visible ASCII characters");
    }
  }

  String header() {
    return "Bearer " + secret;
  }

  /** Returns a server's text without the key, which some servers quote when they refuse it. */
  String hide(String text) {
    return secret.length() < SHORTEST_HIDDEN ? text : text.replace(secret, "[key]");
  }

  @Override
  public String toString() {
    return "[key]";
  }
}
