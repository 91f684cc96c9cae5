package dev.mixlaw.api.results;

/**
 * The mean loss of one run over all domains.
 *
 * @param key key of the run
 * @param macroNatsPerToken mean of the domains' nats per token
 * @param microNatsPerToken Σ nats / Σ tokens over all domains
 * @param macroBitsPerByte mean of the domains' bits per byte
 * @param microBitsPerByte Σ nats / (ln 2 · Σ bytes) over all domains
 */
public record MeanLoss(
    RunKey key,
    Estimate macroNatsPerToken,
    Estimate microNatsPerToken,
    Estimate macroBitsPerByte,
    Estimate microBitsPerByte) {}
