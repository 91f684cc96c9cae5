package dev.mixlaw.samples.compare;

import dev.mixlaw.mix.analysis.Distribution;

/**
 * What a model could be trained on, as domains are compared with it.
 *
 * @param name of the corpus, union or mixture
 */
record TrainingText(String name, Kind kind, Distribution words) {
  /** What it is made of. */
  enum Kind {
    CORPUS,
    UNION,
    MIXTURE;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
