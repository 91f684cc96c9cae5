/**
 * How drafts are written: the styles of the study and others ({@link
 * dev.mixlaw.mix.generate.style.Styles}), and your own from a {@link
 * dev.mixlaw.mix.generate.style.Template}. The prompts are resources beside this package.
 */
@NullMarked
package dev.mixlaw.mix.generate.style;

import org.jspecify.annotations.NullMarked;
