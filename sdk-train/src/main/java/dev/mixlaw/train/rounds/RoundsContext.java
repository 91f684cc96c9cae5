package dev.mixlaw.train.rounds;

import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.RoundRunner.Workplace;
import dev.mixlaw.api.rounds.RoundKey;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.run.LocalStudyRunner;
import java.nio.file.Path;

/**
 * The data and services that all steps of the rounds share.
 *
 * @param data the training data of round 0
 * @param natural the natural corpus, which is part of {@code data}
 */
record RoundsContext(
    Rounds rounds,
    PreparedData data,
    NaturalCorpus natural,
    Workplace place,
    LocalStudyRunner studies,
    TrainingEngine engine) {
  RoundMixtures mixtures() {
    return new RoundMixtures(rounds);
  }

  int threads() {
    return place.resources().threads();
  }

  Path directory() {
    return place.lab().resolve("studies").resolve(rounds.name());
  }

  GeneratedTextStore textStore(RoundKey key) {
    return new GeneratedTextStore(directory().resolve("texts").resolve(key.label()));
  }
}
