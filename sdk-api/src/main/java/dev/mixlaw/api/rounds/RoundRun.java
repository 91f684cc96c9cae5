package dev.mixlaw.api.rounds;

import dev.mixlaw.api.results.RunResult;
import java.util.Optional;

/**
 * A model in the rounds that was trained and measured and wrote its text.
 *
 * @param key strategy, round and seed of the model
 * @param result result of the model's run, with losses by domain on the same documents in every
 *     round
 * @param text text that the model wrote; empty if its training did not complete
 */
public record RoundRun(RoundKey key, RunResult result, Optional<WrittenText> text) {}
