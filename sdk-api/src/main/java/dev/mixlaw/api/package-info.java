/**
 * The description of studies and the lab that runs them: which text should a language model be
 * trained on?
 *
 * <p>A {@link dev.mixlaw.api.Corpus} is a named source of documents; a {@link
 * dev.mixlaw.api.Mixture} gives shares of training tokens over corpora; a {@link
 * dev.mixlaw.api.Study} is the grid of mixtures, models, token budgets and seeds, measured on
 * held-out {@link dev.mixlaw.api.Domains}. A {@link dev.mixlaw.api.Lab} plans and runs studies in a
 * directory and returns {@link dev.mixlaw.api.results.Findings}: losses by domain, laws, best
 * shares and speed-ups, each with its confidence interval or with the reason why there is none.
 *
 * <p>All types are immutable unless they say otherwise. Creating a description checks only for
 * nulls and the syntax of numbers; {@link dev.mixlaw.api.Lab#plan} lists all problems in a
 * description at once.
 */
@NullMarked
package dev.mixlaw.api;

import org.jspecify.annotations.NullMarked;
