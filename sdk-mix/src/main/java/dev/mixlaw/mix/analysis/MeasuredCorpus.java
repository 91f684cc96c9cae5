package dev.mixlaw.mix.analysis;

import java.util.Objects;

/**
 * A corpus's figures, and the counts of its words to compare it by.
 *
 * @param unigrams open until this is closed
 */
public record MeasuredCorpus(CorpusStatistics statistics, TermCounts unigrams)
    implements AutoCloseable {
  public MeasuredCorpus {
    Objects.requireNonNull(statistics, "statistics");
    Objects.requireNonNull(unigrams, "unigrams");
  }

  @Override
  public void close() {
    unigrams.close();
  }
}
