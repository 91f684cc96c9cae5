package dev.mixlaw.api.results;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where findings come from.
 *
 * @param study name
 * @param mixtures by name: shares by corpus
 * @param corpora what was trained on
 * @param domains what was measured on
 * @param tokenizer name and fingerprint
 * @param vocabulary tokens
 * @param engine name
 * @param device what it ran on
 * @param baseline the mixture that others are compared with: the first wholly natural one
 * @param settings the rest of the description, in words, by name
 * @param warnings of plan and preparation
 * @param words how near the words of mixtures and domains are; empty if nobody compared them
 */
public record Provenance(
    String study,
    Map<String, Map<String, Double>> mixtures,
    List<TextFacts> corpora,
    List<TextFacts> domains,
    String tokenizer,
    int vocabulary,
    String engine,
    String device,
    String baseline,
    Map<String, String> settings,
    List<String> warnings,
    Optional<WordComparison> words) {
  public Provenance {
    Objects.requireNonNull(study, "study");
    mixtures = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(mixtures));
    corpora = List.copyOf(corpora);
    domains = List.copyOf(domains);
    settings = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(settings));
    warnings = List.copyOf(warnings);
    Objects.requireNonNull(words, "words");
  }

  /** The same with other warnings. */
  public Provenance withWarnings(List<String> others) {
    return new Provenance(
        study,
        mixtures,
        corpora,
        domains,
        tokenizer,
        vocabulary,
        engine,
        device,
        baseline,
        settings,
        others,
        words);
  }

  /** The same with words compared. */
  public Provenance withWords(WordComparison compared) {
    return new Provenance(
        study,
        mixtures,
        corpora,
        domains,
        tokenizer,
        vocabulary,
        engine,
        device,
        baseline,
        settings,
        warnings,
        Optional.of(compared));
  }
}
