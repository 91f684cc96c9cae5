package dev.mixlaw.train.engine.llama;

/**
 * How much a kind of device takes at a time: a processor what fits its cache, a GPU what fills it.
 *
 * @param partRows tokens a lane takes at a time; at least one sequence
 * @param logits values of logits at once
 * @param piece weights updated at once
 * @param activationBytes that a value of {@link Allocator#allocateActivations} takes
 * @param factorBytes that a value of {@link Allocator#allocateFactors} takes
 * @param weightBytes that a value of {@link Allocator#allocateWeights} takes
 */
public record TileSizes(
    int partRows, long logits, long piece, int activationBytes, int factorBytes, int weightBytes) {}
