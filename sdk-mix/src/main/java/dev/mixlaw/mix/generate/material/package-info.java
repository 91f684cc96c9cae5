/**
 * What drafts are written from: {@link dev.mixlaw.mix.generate.material.Passages} of documents,
 * their {@link dev.mixlaw.mix.generate.material.Openings}, {@link
 * dev.mixlaw.mix.generate.material.Keywords} sampled from a corpus, and tasks that a generator
 * thinks up itself ({@link dev.mixlaw.mix.generate.material.SelfInstruct}).
 */
@NullMarked
package dev.mixlaw.mix.generate.material;

import org.jspecify.annotations.NullMarked;
