/**
 * The laws of the literature, each with its gradient. Not for use outside: see {@code LawForms}.
 */
@NullMarked
package dev.mixlaw.eval.law.internal.form;

import org.jspecify.annotations.NullMarked;
