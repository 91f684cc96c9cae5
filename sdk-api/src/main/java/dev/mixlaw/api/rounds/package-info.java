/**
 * Rounds of training on text that models trained here wrote: what becomes of loss and diversity
 * when each generation of models learns from the one before.
 *
 * <p>Terms are the literature's. A <em>round</em> trains a fresh model; round 0 on natural text
 * alone, each later one on text that the round before it wrote: alone (<em>replace</em>, Shumailov
 * et al. 2024), together with all text before it (<em>accumulate</em>, Gerstgrasser et al. 2024),
 * or on as many tokens drawn from all of it (<em>accumulate-subsample</em>, Kazdan et al. 2024).
 */
@NullMarked
package dev.mixlaw.api.rounds;

import org.jspecify.annotations.NullMarked;
