package dev.mixlaw.mix.quality;

import java.util.function.Predicate;

/**
 * A rule that rejects documents.
 *
 * @param name the name under which rejected documents are counted
 * @param rejects returns whether it rejects a text; thread-safe
 */
record QualityRule(String name, Predicate<String> rejects) {}
