package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.mix.generate.spi.DraftSession;
import java.util.function.UnaryOperator;

/** A session that answers by a function and counts characters as tokens. */
class FakeSession implements DraftSession {
  private final long seed;
  private final UnaryOperator<String> answers;

  FakeSession(long seed, UnaryOperator<String> answers) {
    this.seed = seed;
    this.answers = answers;
  }

  /** Returns a session that fails on any request. */
  static FakeSession silent(long seed) {
    return new FakeSession(
        seed,
        prompt -> {
          throw new AssertionError("no request expected: " + prompt);
        });
  }

  @Override
  public String ask(String prompt, String expected) {
    return answers.apply(prompt);
  }

  @Override
  public DraftSession with(TextGenerator other) {
    return this;
  }

  @Override
  public long seed() {
    return seed;
  }

  @Override
  public int countTokens(String text) {
    return text.length();
  }
}
