package dev.mixlaw.api.results;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The provenance of findings: a description of the study, of its corpora and domains, and of the
 * engine.
 *
 * @param study name of the study
 * @param mixtures map from each mixture to the shares of its corpora
 * @param corpora size and origin of each training corpus
 * @param domains size and origin of each domain
 * @param tokenizer name and fingerprint of the tokenizer
 * @param vocabulary number of tokens in the vocabulary
 * @param engine name of the engine
 * @param device device on which the engine ran
 * @param baseline name of the mixture with which all other mixtures are compared
 * @param questions primary questions of the study
 * @param settings map from the name of each other setting of the study to its value
 * @param warnings warnings from planning and preparation
 * @param words comparison of the words in mixtures and domains; empty if there is none
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
    List<Question> questions,
    Map<String, String> settings,
    List<String> warnings,
    Optional<WordComparison> words) {
  /** Copies the maps and lists. */
  public Provenance {
    Objects.requireNonNull(study, "study");
    mixtures = Collections.unmodifiableMap(new LinkedHashMap<>(mixtures));
    corpora = List.copyOf(corpora);
    domains = List.copyOf(domains);
    questions = List.copyOf(questions);
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    warnings = List.copyOf(warnings);
    Objects.requireNonNull(words, "words");
  }

  /** Returns a copy of this provenance with additional warnings. */
  public Provenance andWarnings(List<String> more) {
    return with(Stream.concat(warnings.stream(), more.stream()).toList(), words);
  }

  /** Returns a copy of this provenance with a word comparison. */
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
        questions,
        settings,
        newWarnings,
        newWords);
  }
}
