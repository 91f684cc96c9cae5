/** Mixture models: the loss of a domain from the shares of the sources, and the best shares. */
@NullMarked
package dev.mixlaw.eval.mixture;

import org.jspecify.annotations.NullMarked;
