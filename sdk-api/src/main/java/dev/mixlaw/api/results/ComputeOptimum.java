package dev.mixlaw.api.results;

/**
 * The model size and the number of tokens with the lowest loss for a compute budget, each with its
 * 95 % confidence interval.
 *
 * @param flops compute budget C = 6·N·D, in floating-point operations
 * @param params N, counted as in the fitted data
 * @param tokens number of training tokens D
 * @param loss loss that the law predicts at this point
 * @param paramsExponent derivative of ln N with respect to ln C, the a in N ∝ C^a
 * @param tokensExponent derivative of ln D with respect to ln C, the b in D ∝ C^b; a + b = 1
 */
public record ComputeOptimum(
    double flops,
    Estimate params,
    Estimate tokens,
    Estimate loss,
    Estimate paramsExponent,
    Estimate tokensExponent) {}
