package dev.mixlaw.mix.generate.openai;

/** A secret that no message, record or log shows. */
final class ApiKey {
  private static final int SHORTEST_HIDDEN = 4;

  private final String secret;

  ApiKey(String secret) {
    this.secret = secret.strip();
    if (this.secret.isEmpty() || !this.secret.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "key: empty, or with characters that no key has; expected visible ASCII characters");
    }
  }

  String header() {
    return "Bearer " + secret;
  }

  /** A text that a server wrote, without the key: some quote it when they refuse it. */
  String hide(String text) {
    return secret.length() < SHORTEST_HIDDEN ? text : text.replace(secret, "[key]");
  }

  @Override
  public String toString() {
    return "[key]";
  }
}
