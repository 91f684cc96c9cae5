/**
 * Rounds of training on generated text: how loss and diversity change when each generation of
 * models learns from the text of the previous generation.
 *
 * <p>A <em>round</em> trains a fresh model. Round 0 trains on natural text alone. Each later round
 * trains on generated text: only on that of the previous round (<em>replace</em>, Shumailov et al.
 * 2024), on all earlier text (<em>accumulate</em>, Gerstgrasser et al. 2024), or on as many tokens
 * drawn from all earlier text (<em>accumulate-subsample</em>, Kazdan et al. 2024).
 */
@NullMarked
package dev.mixlaw.api.rounds;

import org.jspecify.annotations.NullMarked;
