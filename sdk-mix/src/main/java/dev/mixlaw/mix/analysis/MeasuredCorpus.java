package dev.mixlaw.mix.analysis;

import java.util.Objects;

/**
 * The statistics of a corpus, and its word counts for comparisons.
 *
 * @param statistics the statistics
 * @param unigrams counts of words; open until this is closed
 */
public record MeasuredCorpus(CorpusStatistics statistics, TermCounts unigrams)
    implements AutoCloseable {
  /** Checks that nothing is null. */
  public MeasuredCorpus {
    Objects.requireNonNull(statistics, "statistics");
    Objects.requireNonNull(unigrams, "unigrams");
  }

  @Override
  public void close() {
    unigrams.close();
  }
}
