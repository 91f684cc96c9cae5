package dev.mixlaw.train.engine.llama;

/**
 * How much a kind of device takes at a time: a processor what fits its cache, a GPU what fills it.
 *
 * @param partRows tokens a lane takes at a time; at least one sequence
 * @param logits values of logits at once
 * @param piece weights updated at once
 * @param activationBytes that a value of {@link Memory#allocateActivations} takes
 * @param factorBytes that a value of {@link Memory#allocateFactors} takes
 * @param weightBytes that a value of {@link Memory#allocateWeights} takes
 */
public record Grain(
    int partRows, long logits, long piece, int activationBytes, int factorBytes, int weightBytes) {}
