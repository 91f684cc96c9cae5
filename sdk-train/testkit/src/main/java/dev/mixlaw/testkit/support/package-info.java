/** Parts of the tests of engines that Mixlaw's other tests use too. */
@NullMarked
package dev.mixlaw.testkit.support;

import org.jspecify.annotations.NullMarked;
