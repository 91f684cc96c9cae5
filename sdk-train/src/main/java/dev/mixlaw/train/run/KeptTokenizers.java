package dev.mixlaw.train.run;

import dev.mixlaw.api.Study;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.internal.Hashing;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.train.run.LabRecords.StudyRecord;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The trained tokenizers of a lab. A study that is extended keeps the tokenizer that was trained
 * when the study was first run. The name of a tokenizer is its hash.
 */
record KeptTokenizers(LabStore store) {
  private static final String FOLDER = "tokenizers/";

  /**
   * Stores the trained tokenizer of a study and returns its name, or empty if the study's tokenizer
   * is not trained.
   */
  Optional<String> keep(Study study, Tokenizer tokenizer) {
    if (!study.tokenizer().isTrained()) {
      return Optional.empty();
    }
    String fresh = FOLDER + "new-" + UUID.randomUUID() + ".json";
    try {
      if (!tokenizer.save(store.directory(fresh))) {
        return Optional.empty();
      }
      byte[] json = store.read(fresh).orElseThrow();
      String name = name(json);
      if (!intact(name)) {
        store.write(name, json);
      }
      return Optional.of(name);
    } finally {
      store.delete(fresh);
    }
  }

  /**
   * Returns the tokenizer that was trained when a study was first run, or the study's description
   * of its tokenizer if there is none.
   *
   * @param damaged receives a sentence if the file of the tokenizer is damaged or missing
   */
  TokenizerSpec of(Study study, Consumer<String> damaged) {
    TokenizerSpec spec = study.tokenizer();
    Optional<String> kept =
        new LabRecords(store)
            .study(study.name(), ignored -> {})
            .filter(before -> spec.isTrained() && before.tokenizer().equals(spec.toString()))
            .flatMap(StudyRecord::tokenizerFile);
    if (kept.isPresent() && !intact(kept.get())) {
      damaged.accept(
          "the tokenizer of study "
              + study.name()
              + " is damaged or missing ("
              + store.directory(kept.get())
              + "); it will be trained again, and so will the runs if the new tokenizer differs."
              + " The model of each finished run has a copy of the old one, tokenizer.json");
      return spec;
    }
    return kept.map(store::directory)
        .map(
            file ->
                new TokenizerSpec(
                    spec.vocabulary(), spec.sampleBytes(), Optional.of(file), Optional.empty()))
        .orElse(spec);
  }

  /** Returns whether the content of a file matches the hash in its name. */
  boolean intact(String name) {
    return store.read(name).filter(json -> name.equals(name(json))).isPresent();
  }

  private static String name(byte[] json) {
    return FOLDER + Hashing.sha256(json) + ".json";
  }
}
