/**
 * What a Java team uses to ask which text a language model should be trained on.
 *
 * <p>A {@link dev.mixlaw.api.Corpus} is a named source of documents; a {@link
 * dev.mixlaw.api.Mixture} gives shares of training tokens over corpora; a {@link
 * dev.mixlaw.api.Study} is the grid of mixtures, models, token budgets and seeds, evaluated on held
 * out {@link dev.mixlaw.api.Domains}. A {@link dev.mixlaw.api.Lab} plans and runs studies in a
 * directory and returns {@link dev.mixlaw.api.results.Findings}: losses by domain, laws, best
 * shares and speed-ups, each with its interval or with the reason why the data cannot say.
 *
 * <p>Everything here is an immutable value unless it says otherwise. Descriptions hold what was
 * said and check nothing but nulls and number syntax; {@link dev.mixlaw.api.Lab#plan} lists all
 * problems of a description at once.
 */
@NullMarked
package dev.mixlaw.api;

import org.jspecify.annotations.NullMarked;
