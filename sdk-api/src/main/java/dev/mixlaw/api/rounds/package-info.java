/**
 * Rounds of training on generated text. The rounds show how loss and diversity change when each
 * model is trained on text that earlier models generated.
 *
 * <p>Each <em>round</em> trains a new model. Round 0 trains only on natural text. Later rounds use
 * one of three strategies. The first trains only on the text of the previous round
 * (<em>replace</em>, Shumailov et al. 2024). The second trains on all earlier text
 * (<em>accumulate</em>, Gerstgrasser et al. 2024). The third trains on a sample of all earlier text
 * that is as large as the text of round 0 (<em>accumulate-subsample</em>, Kazdan et al. 2024).
 *
 * <p><b>Experimental:</b> this package may change in any release.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.api.rounds;

import org.jspecify.annotations.NullMarked;
