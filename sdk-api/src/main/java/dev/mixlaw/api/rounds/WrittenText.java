package dev.mixlaw.api.rounds;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.TextDiversity;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A text that a round's model wrote, with where it came from and what it took: its data card, which
 * is kept as {@code card.json} beside the text.
 *
 * @param key whose model wrote it
 * @param generator identity of the run that trained the model
 * @param file the text as JSON lines with the fields {@code id} and {@code text}
 * @param writing how it was written
 * @param documents that were kept
 * @param dropped documents without a word, which were not
 * @param tokens written, ends of text included
 * @param flops of writing them, 2 a weight and token and those of attention
 * @param seconds of writing them
 * @param diversity beside the natural text; refused if it is too short
 */
public record WrittenText(
    RoundKey key,
    String generator,
    Path file,
    Writing writing,
    long documents,
    long dropped,
    long tokens,
    double flops,
    double seconds,
    Answer<TextDiversity> diversity) {
  public WrittenText {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(generator, "generator");
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(writing, "writing");
    Objects.requireNonNull(diversity, "diversity");
  }
}
