package dev.mixlaw.mix.quality;

import java.util.function.Predicate;

/**
 * A rule that rejects documents.
 *
 * @param name the name under which rejected documents are counted
 * @param rejects thread-safe function that returns whether a text is rejected
 */
record QualityRule(String name, Predicate<String> rejects) {}
