package dev.mixlaw.samples.compare;

import dev.mixlaw.api.results.Overlap;
import dev.mixlaw.mix.compare.CorpusComparison;
import dev.mixlaw.mix.compare.CorpusStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

public final class ComparisonJson {
  private ComparisonJson() {}

  /** Returns the JSON document. Values that could not be computed are null. */
  public static Map<String, Object> of(CorpusComparison comparison, CoveredDomains covered) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("schema", 1);
    json.put("language", comparison.language());
    json.put("warnings", comparison.warnings());
    json.put("kl_smoothing", "skew divergence, " + CorpusComparison.SKEW + " of the domain");
    json.put("equal_size_words", CorpusComparison.SAMPLE_WORDS);
    json.put("corpora", comparison.corpora().stream().map(ComparisonJson::corpus).toList());
    json.put("pairs", comparison.texts().stream().flatMap(ComparisonJson::pairs).toList());
    json.put("covered", covered(covered));
    json.put("near_copies", comparison.copies());
    json.put("contamination", comparison.overlaps().stream().map(ComparisonJson::overlap).toList());
    return json;
  }

  private static Map<String, Object> covered(CoveredDomains covered) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("least_coverage_tokens", covered.least());
    json.put("domains", covered.domains());
    for (String kind : List.of("corpus", "union", "mixture")) {
      json.put(
          "all_domains_by_" + kind, covered.all(kind).stream().map(t -> t.text().name()).toList());
    }
    json.put("texts", covered.texts().stream().map(ComparisonJson::covered).toList());
    return json;
  }

  private static Map<String, Object> covered(CoveredDomains.OfText text) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("corpus", text.text().name());
    json.put("kind", text.text().kind());
    json.put("domains", text.covered());
    json.put("worst_domain", text.worst());
    json.put("worst_coverage_tokens", text.ofWorst());
    return json;
  }

  private static Map<String, Object> overlap(Overlap overlap) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("corpus", overlap.corpus());
    json.put("domain", overlap.domain());
    json.put("documents", overlap.documents());
    json.put("contaminated", overlap.contaminated());
    json.put("near_copies", overlap.nearCopies());
    json.put("shared_13_grams", overlap.sharedShingles());
    json.put("examples", overlap.examples());
    return json;
  }

  private static Map<String, @Nullable Object> corpus(CorpusStatistics s) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", s.name());
    json.put("documents", s.documents());
    json.put("bytes", s.bytes());
    json.put("words", s.words());
    json.put("types", s.types());
    json.put("distinct_1", s.distinct1());
    json.put("distinct_2", s.distinct2());
    json.put("distinct_3", s.distinct3());
    json.put("types_per_120k_words", s.typesPer120kWords().toOptional().orElse(null));
    json.put("entropy_nats", s.entropy());
    json.put("repetition", s.repetition());
    json.put("sample_words", s.sampleWords());
    json.put("sample_distinct_2", s.sampleDistinct2());
    json.put("sample_distinct_3", s.sampleDistinct3());
    json.put("self_bleu", s.selfBleu().isPresent() ? s.selfBleu().getAsDouble() : null);
    json.put("compression_ratio", s.compressionRatio());
    json.put(
        "vocabulary_growth",
        s.vocabularyGrowth().entrySet().stream()
            .map(words -> List.of(words.getKey(), words.getValue()))
            .toList());
    return json;
  }

  private static Stream<Map<String, Object>> pairs(CorpusComparison.Text text) {
    return text.fits().stream()
        .map(
            fit -> {
              Map<String, Object> json = new LinkedHashMap<>();
              json.put("corpus", text.name());
              json.put("kind", text.kind());
              json.put("domain", fit.domain());
              json.put("kl", fit.kl());
              json.put("js", fit.js());
              json.put("coverage_types", fit.coverageTypes());
              json.put("coverage_tokens", fit.coverageTokens());
              json.put("coverage_types_at_equal_size", fit.seenTypes());
              json.put("coverage_tokens_at_equal_size", fit.seenTokens());
              return json;
            });
  }
}
