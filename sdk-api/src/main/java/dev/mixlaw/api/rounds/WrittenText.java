package dev.mixlaw.api.rounds;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.TextDiversity;
import java.nio.file.Path;

/**
 * Text that the model of a round wrote, with its origin and cost. The same information is stored as
 * {@code card.json} in the directory of the text.
 *
 * @param key key of the model that wrote the text
 * @param generator identity of the run that trained the model
 * @param file JSON Lines file that holds the documents, with the fields {@code id} and {@code text}
 * @param writing settings with which the text was written
 * @param documents number of documents in the file
 * @param dropped number of documents without any words, which were left out of the file
 * @param tokens number of tokens written, including end-of-text tokens
 * @param flops FLOPs for writing: 2 per weight and token, plus attention
 * @param seconds time in seconds that writing took
 * @param diversity diversity compared with the natural text; refused if the text is too short
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
