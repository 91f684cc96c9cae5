package dev.mixlaw.api.results;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

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
    mixtures = Collections.unmodifiableMap(new LinkedHashMap<>(mixtures));
    corpora = List.copyOf(corpora);
    domains = List.copyOf(domains);
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    warnings = List.copyOf(warnings);
    Objects.requireNonNull(words, "words");
  }

  /** Returns this provenance with more warnings after its own. */
  public Provenance andWarnings(List<String> more) {
    return with(Stream.concat(warnings.stream(), more.stream()).toList(), words);
  }

  /** Returns this provenance with a comparison of words. */
  public Provenance withWords(WordComparison compared) {
    return with(warnings, Optional.of(compared));
  }

  private Provenance with(List<String> newWarnings, Optional<WordComparison> newWords) {
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
        newWarnings,
        newWords);
  }
}
