package dev.mixlaw.mix.quality;

import java.util.Objects;
import java.util.function.Predicate;

/**
 * A reason to refuse a document.
 *
 * @param name as refusals are counted by
 * @param refuses whether it refuses a text; may be called by several threads
 */
public record QualityRule(String name, Predicate<String> refuses) {
  public QualityRule {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(refuses, "refuses");
  }
}
