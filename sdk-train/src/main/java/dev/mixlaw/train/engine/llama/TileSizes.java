package dev.mixlaw.train.engine.llama;

/**
 * The amounts of work that a device processes at a time. They fill the cache of a CPU, and keep a
 * GPU fully busy.
 *
 * @param microBatchRows number of tokens that a lane processes at a time; it processes at least one
 *     sequence
 * @param logits number of logits that are computed at a time
 * @param pieceLength number of weights that one optimizer call updates
 */
public record TileSizes(
    int microBatchRows,
    long logits,
    long pieceLength,
    int activationBytes,
    int factorBytes,
    int weightBytes) {}
