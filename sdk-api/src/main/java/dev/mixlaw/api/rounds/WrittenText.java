package dev.mixlaw.api.rounds;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.TextDiversity;
import java.nio.file.Path;

/**
 * A text that the model of a round wrote, with its origin and cost. The same is kept as {@code
 * card.json} in the directory of the text.
 *
 * @param key of the model that wrote it
 * @param generator identity of the run that trained the model
 * @param file the text as JSON lines with the fields {@code id} and {@code text}
 * @param writing how it was written
 * @param documents that were kept
 * @param dropped documents without a word, which were not kept
 * @param tokens written, end-of-text tokens included
 * @param flops of writing: 2 for each weight and token, and those of attention
 * @param seconds that writing took
 * @param diversity compared with the natural text; refused if the text is too short
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
    Answer<TextDiversity> diversity) {}
