package dev.mixlaw.mix.generate;

import java.util.OptionalLong;

/**
 * A request to a generator and its answer.
 *
 * @param generator name of the generator
 * @param text the answer
 * @param cutOff whether the answer ended at its token limit
 * @param promptTokens number of prompt tokens
 * @param writtenTokens number of generated tokens
 * @param estimated whether tokens were counted by the generation's tokenizer, because the generator
 *     does not count them or its count is impossible
 * @param cost cost in the currency of the price; 0 without a price
 * @param seed seed of the answer, if it differs from the seed of the request
 */
record Call(
    String generator,
    String prompt,
    String text,
    boolean cutOff,
    long promptTokens,
    long writtenTokens,
    boolean estimated,
    double cost,
    OptionalLong seed) {}
