package dev.mixlaw.api.rounds;

import dev.mixlaw.api.results.RunResult;
import java.util.Objects;
import java.util.Optional;

/**
 * One model of the rounds, trained, measured and asked to write.
 *
 * @param result its losses by domain, on the same documents in every round
 * @param text that it wrote; empty if it did not complete
 */
public record RoundRun(RoundKey key, RunResult result, Optional<WrittenText> text) {
  public RoundRun {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(result, "result");
    Objects.requireNonNull(text, "text");
  }
}
