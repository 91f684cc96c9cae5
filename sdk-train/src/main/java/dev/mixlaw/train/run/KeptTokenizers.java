package dev.mixlaw.train.run;

import dev.mixlaw.api.Study;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.internal.Hashing;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.train.run.LabRecords.StudyRecord;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The trained tokenizers in a lab. The name of a tokenizer is the hash of its file. If a study is
 * extended, it keeps the tokenizer that was trained for its first run.
 */
record KeptTokenizers(LabStore store) {
  private static final String FOLDER = "tokenizers/";

  /** Stores the tokenizer of a study if it was trained for the study, and returns its name. */
  Optional<String> keep(Study study, Tokenizer tokenizer) {
    if (!study.tokenizer().isTrained()) {
      return Optional.empty();
    }
    // The name does not depend on the process, so the next start deletes the file of a killed
    // process.
    String fresh = FOLDER + "new-" + Hashing.sha256(tokenizer.fingerprint()) + ".json";
    try {
      Optional<byte[]> json = Optional.empty();
      while (json.isEmpty()) { // another process may have deleted the file
        if (!tokenizer.save(store.directory(fresh))) {
          return Optional.empty();
        }
        json = store.readFetched(fresh);
      }
      String name = name(json.get());
      if (!intact(name)) {
        store.write(name, json.get());
      }
      return Optional.of(name);
    } finally {
      store.delete(fresh);
    }
  }

  /**
   * Returns the tokenizer that was trained earlier for a study. If there is none, returns the
   * tokenizer specification of the study.
   *
   * @param damaged receives a message if the file of the tokenizer is damaged or missing
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
          "the tokenizer of study %s is damaged or missing (%s); it will be trained again, and so will the runs if the new tokenizer differs. The model of each finished run has a copy of the old one, tokenizer.json"
              .formatted(study.name(), store.directory(kept.get())));
      return spec;
    }
    return kept.map(store::fetch)
        .map(
            file ->
                new TokenizerSpec(
                    spec.vocabulary(), spec.sampleBytes(), Optional.of(file), Optional.empty()))
        .orElse(spec);
  }

  boolean intact(String name) {
    return store.read(name).filter(json -> name.equals(name(json))).isPresent();
  }

  private static String name(byte[] json) {
    return FOLDER + Hashing.sha256(json) + ".json";
  }
}
