package dev.mixlaw.api.internal.spi;

import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunResult;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A study as its lab stores it.
 *
 * @param provenance description of the study, its text and its engine
 * @param runs those that ended, in the order of the study's grid
 * @param missingRuns number of runs that have not ended
 * @param tokenizer the description of its tokenizer, for comparison with that of a later start
 * @param tokenizerFile name of the file of a trained tokenizer in the lab; empty for others
 */
public record StoredStudy(
    Provenance provenance,
    List<RunResult> runs,
    int missingRuns,
    String tokenizer,
    Optional<String> tokenizerFile) {
  /** Copies the list. */
  public StoredStudy {
    Objects.requireNonNull(provenance, "provenance");
    runs = List.copyOf(runs);
    Objects.requireNonNull(tokenizer, "tokenizer");
    Objects.requireNonNull(tokenizerFile, "tokenizerFile");
  }
}
