package dev.mixlaw.mix.generate;

import dev.mixlaw.api.results.CorpusKind;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The description of a generated corpus in {@code card.json}. The data card depends only on the
 * settings and the answers, and not on how often the generation was stopped and resumed.
 *
 * @param complete whether all requests were sent; false if the budget was spent earlier
 * @param source the corpus from which the prompts were made
 * @param generatorParameters other settings of the generator
 * @param parameters settings of the requests
 * @param prompts prompts of the style, by name
 * @param filters the filters, in the order in which they are applied
 * @param textBytes size of all documents in UTF-8 bytes
 * @param refused rejected drafts for each filter and for {@code generator}
 * @param refusedDocuments number of documents whose drafts were all rejected
 */
record DataCard(
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
  DataCard {
    generatorParameters = sorted(generatorParameters);
    parameters = sorted(parameters);
    prompts = sorted(prompts);
    filters = List.copyOf(filters);
    refused = sorted(refused);
  }

  private static <V> Map<String, V> sorted(Map<String, V> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }

  /**
   * The corpus from which the prompts were made.
   *
   * @param documents number of documents read
   * @param skipped number of malformed records
   * @param fingerprint hash of the ids and texts of the documents read
   */
  record Source(String corpus, CorpusKind kind, long documents, long skipped, String fingerprint) {}

  record Filter(String name, String description) {}

  /** The number of rejected drafts, and the first few reasons. */
  record Refusals(long drafts, List<String> examples) {
    Refusals {
      examples = List.copyOf(examples);
    }
  }

  /**
   * Tokens and cost of the answers, without failed attempts.
   *
   * @param estimated whether tokens were estimated, because a generator does not count them
   * @param currency currency of the cost; empty without a price
   */
  record Spent(
      long requests,
      long promptTokens,
      long writtenTokens,
      boolean estimated,
      double cost,
      String currency) {}
}
