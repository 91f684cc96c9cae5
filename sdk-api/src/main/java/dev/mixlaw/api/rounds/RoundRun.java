package dev.mixlaw.api.rounds;

import dev.mixlaw.api.results.RunResult;
import java.util.Optional;

/**
 * A model of one round that was trained and measured, and that generated a text.
 *
 * @param key strategy, round and seed of the model
 * @param result result of the run that trained the model; losses are measured on the same documents
 *     in every round
 * @param text text that the model generated; empty if its training did not complete
 */
public record RoundRun(RoundKey key, RunResult result, Optional<WrittenText> text) {}
