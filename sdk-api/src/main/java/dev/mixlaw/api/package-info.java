/**
 * Descriptions of studies and the lab that runs them. A study answers the question of which text a
 * language model should be trained on.
 *
 * <p>A {@link dev.mixlaw.api.Corpus} is a named source of documents. A {@link
 * dev.mixlaw.api.Mixture} assigns each corpus a share of the training tokens. A {@link
 * dev.mixlaw.api.Study} combines every mixture with every model, token budget and seed, and
 * measures the trained models on held-out {@link dev.mixlaw.api.Domains}. A {@link
 * dev.mixlaw.api.Lab} plans and runs studies in a directory. The lab returns {@link
 * dev.mixlaw.api.results.Findings}: losses, scaling laws, best shares and speed-ups, each with a
 * confidence interval or the reason why it cannot be computed.
 *
 * <p>All types are immutable unless otherwise noted. Creating a description checks only for nulls
 * and the syntax of numbers. {@link dev.mixlaw.api.Lab#plan} reports all problems in a description
 * together.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.api;

import org.jspecify.annotations.NullMarked;
