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
 * The description of a synthetic corpus. A generator writes drafts from a source corpus in a given
 * style, and filters select the drafts that form the new corpus.
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
 * <p>A generation is immutable, and each setter returns a changed copy. The style, the seed and the
 * generator are required. All other settings have defaults.
 *
 * <p>Each answer of the generator is stored in the directory before it is used. A run that was
 * stopped or killed can therefore be started again. The new run repeats no request that was
 * answered, and produces the same documents. Failed requests are not stored.
 *
 * <p>A document consists of one or more drafts. A draft that a filter rejects is omitted from its
 * document, and a document without drafts is omitted from the corpus. The data card states how many
 * drafts and documents were omitted.
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

  /** Returns a generation with default settings that makes a new corpus from a source corpus. */
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
   * Limits the number of documents that are read from the source.
   *
   * @param documents maximum number of documents, at least 1; default: all documents
   */
  public Generation first(long documents) {
    return with(s -> s.documents = documents);
  }

  /** Sets the style in which drafts are written. A style is required. */
  public Generation style(Style style) {
    return with(s -> s.style = style);
  }

  /**
   * Sets the source of the texts from which drafts are written.
   *
   * @param materials the source; default: the source that the style provides
   */
  public Generation from(MaterialSource materials) {
    return with(s -> s.materials = materials);
  }

  /** Sets the generator that writes the drafts. A generator is required. */
  public Generation by(TextGenerator generator) {
    return with(s -> s.generator = generator);
  }

  /**
   * Sets the filters that reject or change drafts.
   *
   * @param filters filters in the order in which they are applied; default: none
   */
  public Generation filters(DraftFilter... filters) {
    return with(s -> s.filters = List.of(filters));
  }

  /**
   * Sets the maximum number of tokens in an answer.
   *
   * @param tokens maximum number of tokens, at least 1; default: 1024
   */
  public Generation maxTokens(int tokens) {
    return with(s -> s.maxTokens = tokens);
  }

  /**
   * Sets the sampling temperature.
   *
   * @param value sampling temperature, 0 or more; 1 samples from the model's distribution, and
   *     values near 0 take the most likely token; default: 1
   */
  public Generation temperature(double value) {
    return with(s -> s.temperature = value);
  }

  /** Sets the seed for all random choices. A seed is required. */
  public Generation seed(long value) {
    return with(s -> s.seed = OptionalLong.of(value));
  }

  /**
   * Sets the number of concurrent requests, each of which has its own thread.
   *
   * @param requests number of concurrent requests, at least 1; default: 1. Values above 1 require a
   *     thread-safe generator.
   */
  public Generation concurrency(int requests) {
    return with(s -> s.concurrency = requests);
  }

  /**
   * Limits the retries of failed requests.
   *
   * @param attempts maximum number of attempts, including the first attempt; at least 1; default: 6
   * @param longestRetryAfter longest pause that a generator may request; a longer pause ends the
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
   * Limits the number of tokens used for the corpus, including those used by earlier runs in the
   * same directory. When the budget is spent, the generation ends and keeps the finished documents.
   *
   * <p>A request that could exceed the budget is not sent. The number of its prompt tokens and the
   * maximum number of tokens in its answer are reserved beforehand. Prompt tokens are estimated
   * until the first answers show how the generator counts them, so their true number may be higher.
   * Failed requests are not counted.
   *
   * @param most maximum number of prompt tokens and generated tokens together, at least 1; default:
   *     no limit
   */
  public Generation tokenBudget(long most) {
    return with(s -> s.tokenBudget = most);
  }

  /**
   * Limits the cost of the corpus, in the same way as {@link #tokenBudget} limits the tokens.
   *
   * @param most maximum cost in the currency of the price, above 0; default: no limit
   */
  public Generation costBudget(double most) {
    return with(s -> s.costBudget = most);
  }

  /**
   * Sets the price of the generator's tokens. If no price is set, costs are not computed.
   *
   * @param read price per million prompt tokens, 0 or more
   * @param written price per million generated tokens, 0 or more
   * @param currency currency, such as {@code USD}
   * @throws IllegalArgumentException if a price is negative or not finite
   */
  public Generation price(double read, double written, String currency) {
    Price price = new Price(read, written, currency);
    return with(s -> s.price = price);
  }

  /**
   * Sets the price of another generator's tokens, such as those of a judge. The generator is
   * identified by its name.
   */
  public Generation price(String generatorName, double read, double written, String currency) {
    Map<String, Price> prices = new TreeMap<>(settings.otherPrices);
    prices.put(generatorName, new Price(read, written, currency));
    return with(s -> s.otherPrices = prices);
  }

  /**
   * Sets how many drafts may be omitted because the generator was unavailable at every attempt.
   *
   * @param drafts maximum number of omitted drafts, 0 or more; default: 0, so the first unanswered
   *     draft ends the generation
   */
  public Generation unansweredLimit(int drafts) {
    return with(s -> s.unansweredLimit = drafts);
  }

  Generation sleeper(Sleeper sleeper) {
    return with(s -> s.sleeper = sleeper);
  }

  Generation retry(RetryPolicy policy) {
    return with(s -> s.retry = policy);
  }

  /**
   * Estimates the requests, tokens and cost of the whole generation without sending a request.
   *
   * @throws MixlawException if settings are invalid, in which case the exception lists all
   *     problems, or if the source cannot be read
   */
  public GenerationPlan plan() {
    return run.plan(Optional.empty());
  }

  /**
   * Estimates the remaining requests, tokens and cost of a generation without sending a request.
   * Requests whose answers are stored in the directory are not counted as remaining.
   *
   * @throws MixlawException if settings are invalid, in which case the exception lists all
   *     problems, or if the source or the directory cannot be read
   */
  public GenerationPlan plan(Path directory) {
    return run.plan(Optional.of(directory));
  }

  /**
   * Generates the corpus, or resumes an earlier run in the same directory.
   *
   * @param directory directory for {@code documents.jsonl}, {@code card.json}, {@code card.md} and
   *     {@code answers.jsonl}; it may hold only one corpus and be used by only one process at a
   *     time
   * @throws MixlawException if settings are invalid, the generator fails, no document is accepted,
   *     or the directory cannot be written or holds another corpus
   */
  public Generated run(Path directory, GenerationListener listener) {
    return run.run(directory, listener);
  }
}
