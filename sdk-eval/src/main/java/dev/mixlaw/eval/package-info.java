/**
 * Measurements and questions that an application supplies itself: {@link dev.mixlaw.eval.RunTable}
 * analyses losses from a table of any trainer, {@link dev.mixlaw.eval.ChoiceFile} reads a
 * multiple-choice test.
 */
@NullMarked
package dev.mixlaw.eval;

import org.jspecify.annotations.NullMarked;
