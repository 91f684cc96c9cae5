package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.internal.Digest;
import dev.mixlaw.mix.internal.Utf8;
import dev.mixlaw.mix.token.Tokenizers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Opens the tokenizer of a study, or trains it on the study's corpora and stores it. */
final class StudyTokenizer {
  /**
   * The version of the training, which must be changed when the same text would give another
   * tokenizer.
   */
  private static final String TRAINING = "byte-pair training 1";

  private final Path directory;
  private final TextReader reader;
  private final StudyListener listener;

  StudyTokenizer(Path directory, TextReader reader, StudyListener listener) {
    this.directory = directory;
    this.reader = reader;
    this.listener = listener;
  }

  /** Opens a tokenizer that needs no training. Any problems are added to {@code problems}. */
  Optional<Tokenizer> existing(TokenizerSpec spec, List<Problem> problems) {
    try {
      return spec.isTrained() ? Optional.empty() : Optional.of(Tokenizers.open(spec));
    } catch (MixlawException e) {
      problems.addAll(e.problems());
    }
    return Optional.empty();
  }

  Path file(TokenizerSpec spec, List<TextSummary> corpora) {
    return directory.resolve("tokenizer-" + key(spec, corpora) + ".json");
  }

  /** Trains a tokenizer, or opens the stored tokenizer if it was trained on the same text. */
  Tokenizer trained(TokenizerSpec spec, List<TextSummary> corpora) {
    Path file = file(spec, corpora);
    if (Files.exists(file)) {
      try {
        return Tokenizers.open(TokenizerSpec.huggingFace(file));
      } catch (MixlawException damaged) {
        listener.on(
            new StudyEvent.Warned("the tokenizer will be trained again: " + damaged.getMessage()));
      }
    }
    long total = Math.min(spec.sampleBytes(), corpora.stream().mapToLong(TextSummary::bytes).sum());
    PreparationProgress progress = new PreparationProgress(listener, "tokenizer", total);
    long[] done = {0};
    Tokenizer tokenizer =
        Tokenizers.train(
            spec.vocabulary(),
            trainer ->
                TokenizerSample.draw(
                    reader,
                    corpora,
                    spec.sampleBytes(),
                    piece -> {
                      trainer.accept(piece);
                      done[0] += Utf8.length(piece);
                      progress.accept(done[0]);
                    }));
    tokenizer.save(file);
    progress.finish(total);
    return tokenizer;
  }

  private static String key(TokenizerSpec spec, List<TextSummary> corpora) {
    Digest key = new Digest().add(TRAINING).add(spec.vocabulary()).add(spec.sampleBytes());
    corpora.forEach(c -> key.add(c.fingerprint()));
    return key.hex().substring(0, 16);
  }
}
