package dev.mixlaw.api.rounds;

import dev.mixlaw.api.results.RunResult;
import java.util.Optional;

/**
 * A model of the rounds that was trained and measured and wrote its text.
 *
 * @param key its strategy, round and seed
 * @param result its losses by domain, on the same documents in every round
 * @param text that it wrote; empty if its training did not complete
 */
public record RoundRun(RoundKey key, RunResult result, Optional<WrittenText> text) {}
