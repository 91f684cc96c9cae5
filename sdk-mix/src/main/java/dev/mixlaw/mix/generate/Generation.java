package dev.mixlaw.mix.generate;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.MaterialSource;
import dev.mixlaw.mix.generate.spi.Style;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The description of a synthetic corpus: source corpus → style → generator → filters → new corpus.
 *
 * <pre>{@code
 * Generation hq =
 *     Generation.of(web)
 *         .style(Styles.hq())
 *         .by(OpenAiEndpoint.at(URI.create("http://localhost:8080/v1"), "llama-3-8b"))
 *         .filters(Filters.leadIns(), Filters.lengthRatio(0.3, 2), Filters.nearCopies(0.5))
 *         .concurrency(8)
 *         .seed(1);
 * System.out.println(hq.plan(directory)); // requests, tokens, price
 * Corpus corpus = hq.run(directory, listener).corpus();
 * }</pre>
 *
 * <p>A generation is immutable: each method returns a changed copy. Style, seed and generator are
 * required; everything else has a default.
 *
 * <p>Every answer is stored in the directory before it is used. A run that was stopped or killed
 * can be started again: it repeats no answered request and produces the same documents. Failures
 * are not stored.
 *
 * <p>A document consists of one or more drafts. A draft that a filter refuses is left out of its
 * document, and a document without drafts is left out of the corpus. The data card states how many
 * drafts and documents were left out.
 */
public final class Generation {
  private final List<Consumer<GenerationSettings>> changes;
  private final GenerationSettings settings;
  private final GenerationRun run;

  private Generation(Corpus source, List<Consumer<GenerationSettings>> changes) {
    this.changes = List.copyOf(changes);
    this.settings = new GenerationSettings(source);
    changes.forEach(change -> change.accept(settings));
    this.run = new GenerationRun(settings);
  }

  /** Returns a generation that makes a new corpus from a source corpus. */
  public static Generation of(Corpus source) {
    return new Generation(source, List.of());
  }

  private Generation with(Consumer<GenerationSettings> change) {
    List<Consumer<GenerationSettings>> all = new ArrayList<>(changes);
    all.add(change);
    return new Generation(settings.source, all);
  }

  /**
   * Sets the name of the new corpus.
   *
   * @param corpus name of the new corpus; default: the name of the source, a hyphen and the name of
   *     the style
   */
  public Generation named(String corpus) {
    return with(s -> s.name = corpus);
  }

  /**
   * Uses only the first documents of the source.
   *
   * @param documents number of documents, at least 1; default: all
   */
  public Generation first(long documents) {
    return with(s -> s.documents = documents);
  }

  /** Sets how drafts are written. Required. */
  public Generation style(Style style) {
    return with(s -> s.style = style);
  }

  /**
   * Sets the source of the materials from which drafts are written.
   *
   * @param materials source of materials; default: the style's own
   */
  public Generation from(MaterialSource materials) {
    return with(s -> s.materials = materials);
  }

  /** Sets the generator that writes the drafts. Required. */
  public Generation by(TextGenerator generator) {
    return with(s -> s.generator = generator);
  }

  /**
   * Sets the filters that are applied to drafts.
   *
   * @param filters filters in the order in which they are applied; default: none
   */
  public Generation filters(DraftFilter... filters) {
    return with(s -> s.filters = List.of(filters));
  }

  /**
   * Limits the number of tokens in an answer.
   *
   * @param tokens maximum number of tokens, at least 1; default: 1024
   */
  public Generation maxTokens(int tokens) {
    return with(s -> s.maxTokens = tokens);
  }

  /**
   * Sets the sampling temperature.
   *
   * @param value sampling temperature, 0 or more; 1 samples from the model's distribution, values
   *     near 0 take the most likely token; default: 1
   */
  public Generation temperature(double value) {
    return with(s -> s.temperature = value);
  }

  /** Sets the seed for all random choices. Required. */
  public Generation seed(long value) {
    return with(s -> s.seed = OptionalLong.of(value));
  }

  /**
   * Sets how many requests run at the same time, each in its own thread.
   *
   * @param requests number of concurrent requests, at least 1; default: 1. More than 1 needs a
   *     thread-safe generator
   */
  public Generation concurrency(int requests) {
    return with(s -> s.concurrency = requests);
  }

  /**
   * Sets how often a failed request is retried.
   *
   * @param attempts number of attempts, including the first one; at least 1; default: 6
   * @param longestRetryAfter longest pause that a generator may request; a longer one stops the
   *     generation; default: 10 minutes
   * @throws IllegalArgumentException if {@code attempts} is less than 1
   */
  public Generation retry(int attempts, Duration longestRetryAfter) {
    RetryPolicy policy =
        new RetryPolicy(
            attempts, settings.retry.first(), settings.retry.longest(), longestRetryAfter);
    return with(s -> s.retry = policy);
  }

  /**
   * Limits the number of tokens used for the corpus, including those used by earlier runs in its
   * directory. When the budget is spent, the generation ends and keeps the finished documents.
   *
   * <p>A request that could exceed the budget is not sent: the tokens in its prompt and the maximum
   * number of tokens in its answer are reserved beforehand. Until the first answers show how the
   * generator counts tokens, the tokens in prompts are estimated, and their true number may be
   * higher. Failed requests are not included.
   *
   * @param most maximum number of tokens, read and written together; at least 1; default: no limit
   */
  public Generation tokenBudget(long most) {
    return with(s -> s.tokenBudget = most);
  }

  /**
   * Limits the cost of the corpus, as {@link #tokenBudget} limits the tokens.
   *
   * @param most maximum cost in the currency of the price; above 0; default: no limit
   */
  public Generation costBudget(double most) {
    return with(s -> s.costBudget = most);
  }

  /**
   * Sets the price of the generator's tokens. Without a price, costs are not computed.
   *
   * @param read price per million prompt tokens; 0 or more
   * @param written price per million generated tokens; 0 or more
   * @param currency currency, such as {@code USD}
   * @throws IllegalArgumentException if a price is negative or not finite
   */
  public Generation price(double read, double written, String currency) {
    Price price = new Price(read, written, currency);
    return with(s -> s.price = price);
  }

  /**
   * Sets the price of the tokens of another generator, such as a judge, which is identified by its
   * name.
   */
  public Generation price(String generatorName, double read, double written, String currency) {
    Map<String, Price> prices = new TreeMap<>(settings.otherPrices);
    prices.put(generatorName, new Price(read, written, currency));
    return with(s -> s.otherPrices = prices);
  }

  /**
   * Sets the number of drafts that may be left out because the generator was unavailable at every
   * attempt.
   *
   * @param drafts number of drafts, 0 or more; default: 0, so the first such draft stops the
   *     generation
   */
  public Generation unansweredLimit(int drafts) {
    return with(s -> s.unansweredLimit = drafts);
  }

  /** Replaces the sleeper that waits between attempts, for tests. */
  Generation sleeper(Sleeper sleeper) {
    return with(s -> s.sleeper = sleeper);
  }

  /** Replaces the retry policy, for tests. */
  Generation retry(RetryPolicy policy) {
    return with(s -> s.retry = policy);
  }

  /**
   * Estimates the requests, tokens and cost of the whole generation. Sends no request.
   *
   * @throws MixlawException if the description is wrong, in which case it lists all problems, or if
   *     the source cannot be read
   */
  public GenerationPlan plan() {
    return run.plan(Optional.empty());
  }

  /**
   * Estimates the remaining requests, tokens and cost of the generation, given the answers stored
   * in a directory. Sends no request.
   *
   * @throws MixlawException if the description is wrong, in which case it lists all problems, or if
   *     the source or the directory cannot be read
   */
  public GenerationPlan plan(Path directory) {
    return run.plan(Optional.of(directory));
  }

  /**
   * Generates the corpus, or continues to generate it.
   *
   * @param directory directory for {@code documents.jsonl}, {@code card.json}, {@code card.md} and
   *     {@code answers.jsonl}; it holds one corpus and is used by one process at a time
   * @throws MixlawException if the description is wrong, the generator fails, no document is left,
   *     or the directory cannot be written or holds another corpus
   */
  public Generated run(Path directory, GenerationListener listener) {
    return run.run(directory, listener);
  }
}
