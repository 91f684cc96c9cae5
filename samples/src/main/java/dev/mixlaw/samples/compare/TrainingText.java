package dev.mixlaw.samples.compare;

import dev.mixlaw.mix.analysis.Distribution;

/**
 * A possible training text and its word distribution.
 *
 * @param name name of the corpus, union or mixture
 */
record TrainingText(String name, Kind kind, Distribution words) {
  /** Composition of a training text. */
  enum Kind {
    CORPUS,
    UNION,
    MIXTURE;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
