package dev.mixlaw.train.engine.llama;

/**
 * How much work a device takes at a time: a processor what fits its cache, a card what fills it.
 *
 * @param microBatchRows tokens that a lane processes at once; a lane takes at least one sequence
 * @param logits number of logits computed at once
 * @param pieceLength number of weights that one optimizer call updates
 * @param activationBytes bytes of a value of {@link Allocator#allocateActivations}
 * @param factorBytes bytes of a value of {@link Allocator#allocateFactors}
 * @param weightBytes bytes of a value of {@link Allocator#allocateWeights}
 */
public record TileSizes(
    int microBatchRows,
    long logits,
    long pieceLength,
    int activationBytes,
    int factorBytes,
    int weightBytes) {}
