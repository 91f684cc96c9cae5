package dev.mixlaw.mix.generate;

import dev.mixlaw.api.results.CorpusKind;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a generated corpus is and how it came to be. The same description and answers give the same
 * card, whatever stops and restarts lay between.
 *
 * @param complete whether everything was asked; not if the budget was spent before
 * @param source where the materials are from
 * @param generator that wrote, by the name that corpora give
 * @param generatorParameters what else shapes its text
 * @param parameters how the generator was asked
 * @param prompts of the style, by name
 * @param filters in their order
 * @param refused drafts left out, by the filter's name or {@code generator}
 * @param refusedDocuments documents with no draft left
 */
public record DataCard(
    String corpus,
    CorpusKind kind,
    boolean complete,
    Source source,
    String style,
    String materials,
    String generator,
    Map<String, String> generatorParameters,
    Map<String, String> parameters,
    Map<String, String> prompts,
    List<Filter> filters,
    long documents,
    long textBytes,
    long drafts,
    Map<String, Refusals> refused,
    long refusedDocuments,
    Spent spent) {
  public DataCard {
    Objects.requireNonNull(corpus, "corpus");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(style, "style");
    Objects.requireNonNull(materials, "materials");
    Objects.requireNonNull(generator, "generator");
    generatorParameters = sorted(generatorParameters);
    parameters = sorted(parameters);
    prompts = sorted(prompts);
    filters = List.copyOf(filters);
    refused = sorted(refused);
    Objects.requireNonNull(spent, "spent");
  }

  private static <V> Map<String, V> sorted(Map<String, V> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }

  /**
   * The corpus that materials were made from.
   *
   * @param documents read
   * @param skipped malformed records
   * @param fingerprint of names and texts of what was read
   */
  public record Source(
      String corpus, CorpusKind kind, long documents, long skipped, String fingerprint) {}

  /** A filter with its settings in words. */
  public record Filter(String name, String description) {}

  /** How many drafts were left out, with the first few reasons. */
  public record Refusals(long drafts, List<String> examples) {
    public Refusals {
      examples = List.copyOf(examples);
    }
  }

  /**
   * What the answers took, failed attempts aside.
   *
   * @param estimated whether some generator did not count its tokens, so that they were estimated
   * @param currency of the cost; empty without a price
   */
  public record Spent(
      long requests,
      long promptTokens,
      long writtenTokens,
      boolean estimated,
      double cost,
      String currency) {}
}
