package dev.mixlaw.mix.generate;

import java.util.OptionalLong;

/**
 * A request to a generator and its answer.
 *
 * @param cutOff whether the answer reached its token limit
 * @param estimated whether token counts are estimates, because the generator does not count tokens
 *     or its count is impossible
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
