/**
 * Tests that every training engine must pass.
 *
 * <p><b>Experimental:</b> this package may change in any release.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.testkit;

import org.jspecify.annotations.NullMarked;
