package dev.mixlaw.api.rounds;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.TextDiversity;
import java.nio.file.Path;

/**
 * A text that the model of a round generated, with its origin and cost. The same information is
 * stored in {@code card.json} in the directory of the text.
 *
 * @param key key of the model that generated the text
 * @param generator identity of the run that trained the model
 * @param file JSON Lines file of the documents, with the fields {@code id} and {@code text}
 * @param writing settings with which the text was generated
 * @param documents number of documents in the file
 * @param dropped number of documents that are not in the file because they contain no words
 * @param tokens number of generated tokens, including end-of-text tokens
 * @param flops number of floating-point operations for generating the text: 2 per weight and token,
 *     plus attention
 * @param seconds duration of text generation, in seconds
 * @param diversity diversity compared with the natural text, or the reason why it cannot be
 *     computed
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
