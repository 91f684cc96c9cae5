package dev.mixlaw.train.engine.llama;

/**
 * The amounts of work that a device processes at a time, which fill the cache of a CPU or keep a
 * GPU fully busy.
 *
 * @param microBatchRows number of tokens that a lane processes at a time, unless a single sequence
 *     is longer
 * @param logits number of logits that are computed at a time
 * @param pieceLength number of weights that one optimizer call updates
 * @param activationBytes bytes per value that {@link Allocator#allocateActivations} needs
 * @param factorBytes bytes per value that {@link Allocator#allocateFactors} needs
 * @param weightBytes bytes per value that {@link Allocator#allocateWeights} needs
 * @param softmaxLength number of values that attention keeps of each softmax for the backward pass;
 *     see {@link DeviceKernels#attention}
 */
public record TileSizes(
    int microBatchRows,
    long logits,
    long pieceLength,
    int activationBytes,
    int factorBytes,
    int weightBytes,
    int softmaxLength) {}
