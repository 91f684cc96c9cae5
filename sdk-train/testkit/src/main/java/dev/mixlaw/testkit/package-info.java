/** Tests that every training engine must pass. */
@NullMarked
package dev.mixlaw.testkit;

import org.jspecify.annotations.NullMarked;
