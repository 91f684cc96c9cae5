package dev.mixlaw.train.engine.llama;

/**
 * The amount of work that a device processes at a time. A CPU processes as much as fits into its
 * cache, a GPU as much as keeps it fully busy.
 *
 * @param microBatchRows number of tokens that a lane processes at once; a lane takes at least one
 *     sequence
 * @param logits number of logits computed at once
 * @param pieceLength number of weights that one optimizer call updates
 * @param activationBytes bytes per value of {@link Allocator#allocateActivations}
 * @param factorBytes bytes per value of {@link Allocator#allocateFactors}
 * @param weightBytes bytes per value of {@link Allocator#allocateWeights}
 */
public record TileSizes(
    int microBatchRows,
    long logits,
    long pieceLength,
    int activationBytes,
    int factorBytes,
    int weightBytes) {}
