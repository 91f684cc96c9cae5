package dev.mixlaw.mix.generate;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.MaterialSource;
import dev.mixlaw.mix.generate.spi.Style;
import dev.mixlaw.mix.internal.Utf8;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A synthetic corpus to be made: corpus → style → generator → filters → corpus.
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
 * <p>A generation is a value: each method returns another one. Seed, style and generator must be
 * said; all else has a default. Requests run on so many threads as {@link #concurrency} says. Every
 * answer is kept in the directory before it is used; after a kill at any moment the same call goes
 * on, asks nothing that was answered, and ends with the same documents. Failures are not kept.
 *
 * <p>A document's parts that filters refuse are left out of it; a document without parts left is
 * left out. The data card counts both.
 */
public final class Generation implements Cloneable {
  private final Corpus source;
  private String name = "";
  private long documents = Long.MAX_VALUE;
  private @Nullable Style style;
  private @Nullable MaterialSource materials;
  private @Nullable TextGenerator generator;
  private List<DraftFilter> filters = List.of();
  private int maxTokens = 1024;
  private double temperature = 1;
  private OptionalLong seed = OptionalLong.empty();
  private int concurrency = 1;
  private RetryPolicy retry = RetryPolicy.standard();
  private Budget budget = Budget.unlimited();
  private Optional<Price> price = Optional.empty();
  private Map<String, Price> otherPrices = Map.of();
  private ToIntFunction<String> tokens = Generation::estimate;
  private String tokenCounter = "UTF-8 bytes / 4";
  private int unansweredLimit;
  private Sleeper waiting = Sleeper.real();

  private Generation(Corpus source) {
    this.source = Objects.requireNonNull(source, "source");
  }

  /** Text made from a corpus. */
  public static Generation of(Corpus source) {
    return new Generation(source);
  }

  private Generation with(Consumer<Generation> change) {
    try {
      Generation other = (Generation) clone();
      change.accept(other);
      return other;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("it is cloneable", e);
    }
  }

  /** The name of the corpus to be made; source, a hyphen and style by default. */
  public Generation named(String corpus) {
    return with(g -> g.name = corpus);
  }

  /** Only the first so many documents of the source; all by default. */
  public Generation first(long ofSource) {
    return with(g -> g.documents = ofSource);
  }

  /** How drafts are written. */
  public Generation style(Style how) {
    return with(g -> g.style = how);
  }

  /** What drafts are written from; what the style says by default. */
  public Generation from(MaterialSource what) {
    return with(g -> g.materials = what);
  }

  /** Who writes. */
  public Generation by(TextGenerator who) {
    return with(g -> g.generator = who);
  }

  /** What drafts must pass, in this order; nothing by default. */
  public Generation filters(DraftFilter... inOrder) {
    return with(g -> g.filters = List.of(inOrder));
  }

  /** The most tokens of an answer; 1024 by default. */
  public Generation maxTokens(int most) {
    return with(g -> g.maxTokens = most);
  }

  /** 1, as learned, by default; near 0 takes the likeliest. */
  public Generation temperature(double value) {
    return with(g -> g.temperature = value);
  }

  /** Decides everything that is drawn at random. */
  public Generation seed(long value) {
    return with(g -> g.seed = OptionalLong.of(value));
  }

  /** Requests under way at a time; 1 by default. More need generators that threads may share. */
  public Generation concurrency(int requests) {
    return with(g -> g.concurrency = requests);
  }

  /** How failed requests are made again; {@link RetryPolicy#standard} by default. */
  public Generation retry(RetryPolicy policy) {
    return with(g -> g.retry = policy);
  }

  /** The most it may take; unlimited by default. Ends with what is finished when it is spent. */
  public Generation budget(Budget most) {
    return with(g -> g.budget = most);
  }

  /** What the generator costs; unknown, and no costs reckoned, by default. */
  public Generation price(Price ofGenerator) {
    return with(g -> g.price = Optional.of(ofGenerator));
  }

  /** What another generator costs, a judge's, by its name. */
  public Generation price(String generatorName, Price ofIt) {
    Map<String, Price> prices = new TreeMap<>(otherPrices);
    prices.put(generatorName, ofIt);
    return with(g -> g.otherPrices = prices);
  }

  /**
   * Counts tokens of passages and plans; a quarter of the UTF-8 bytes by default. What was spent is
   * counted by the generator, if it does.
   */
  public Generation countingTokensWith(Tokenizer tokenizer) {
    return with(
        g -> {
          g.tokens = text -> tokenizer.encode(text).length;
          g.tokenCounter = tokenizer.name();
        });
  }

  /**
   * How many drafts may be left out because the generator did not answer after all attempts; 0 by
   * default: the generation stops, and goes on when it is run again.
   */
  public Generation unansweredLimit(int drafts) {
    return with(g -> g.unansweredLimit = drafts);
  }

  /** For tests: how time passes between attempts. */
  Generation waiting(Sleeper how) {
    return with(g -> g.waiting = how);
  }

  /**
   * What it will take; nothing is asked.
   *
   * @throws MixlawException if the description is wrong (all problems at once) or the source cannot
   *     be read
   */
  public GenerationPlan plan() {
    return new GenerationRun(job()).plan(Optional.empty());
  }

  /** What it will still take, given what the directory remembers; nothing is asked. */
  public GenerationPlan plan(Path directory) {
    return new GenerationRun(job()).plan(Optional.of(directory));
  }

  /**
   * Makes the corpus, or goes on making it.
   *
   * @param directory for {@code documents.jsonl}, {@code card.json}, {@code card.md} and {@code
   *     answers.jsonl}; of one corpus, and one generation at a time
   * @throws MixlawException if the description is wrong, the generator does not answer, nothing is
   *     left, or the directory cannot be written or holds another corpus
   */
  public Generated run(Path directory, GenerationListener listener) {
    return new GenerationRun(job()).run(directory, listener);
  }

  private static int estimate(String text) {
    return (Utf8.length(text) + 3) / 4;
  }

  private GenerationSettings job() {
    List<Problem> problems = problems();
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.DESCRIPTION, problems, null);
    }
    Style how = Objects.requireNonNull(style);
    TextGenerator who = Objects.requireNonNull(generator);
    Map<String, Price> prices = new TreeMap<>(otherPrices);
    price.ifPresent(p -> prices.put(who.name(), p));
    return new GenerationSettings(
        corpusName(),
        source,
        documents,
        how,
        materials == null ? how.materials() : materials,
        who,
        filters,
        maxTokens,
        temperature,
        seed.orElseThrow(),
        concurrency,
        retry,
        budget,
        prices,
        prices.values().stream().map(Price::currency).findFirst().orElse(""),
        tokens,
        tokenCounter,
        unansweredLimit,
        waiting);
  }

  private String corpusName() {
    return name.isEmpty() && style != null ? source.name() + "-" + style.name() : name;
  }

  private List<Problem> problems() {
    List<Problem> all = new ArrayList<>();
    check(all, style != null, "style", "none", "a style, such as Styles.hq()", "style");
    check(all, generator != null, "generator", "none", "a TextGenerator", "by");
    check(all, seed.isPresent(), "seed", "none", "any number", "seed");
    check(all, documents > 0, "documents of the source", documents, "at least 1", "first");
    check(all, maxTokens > 0, "tokens of an answer", maxTokens, "at least 1", "maxTokens");
    check(all, temperature >= 0, "temperature", temperature, "0 or more", "temperature");
    check(all, concurrency > 0, "requests at a time", concurrency, "at least 1", "concurrency");
    check(all, unansweredLimit >= 0, "drafts", unansweredLimit, "0 or more", "unansweredLimit");
    boolean priced = price.isPresent() || !otherPrices.isEmpty();
    check(
        all,
        priced || budget.money() == Double.POSITIVE_INFINITY,
        "budget",
        budget.money() + " of money, no price",
        "a price with a budget of money",
        "price or budget");
    TreeSet<String> currencies = new TreeSet<>();
    price.ifPresent(p -> currencies.add(p.currency()));
    otherPrices.values().forEach(p -> currencies.add(p.currency()));
    check(all, currencies.size() < 2, "prices", currencies, "one currency", "price");
    TreeSet<String> names = new TreeSet<>();
    filters.forEach(f -> names.add(f.name()));
    check(all, names.size() == filters.size(), "filters", names, "each name once", "filters");
    return all;
  }

  private void check(
      List<Problem> all, boolean fine, String what, Object actual, String allowed, String setting) {
    if (!fine) {
      String of = "generation from " + source.name() + ", " + what;
      all.add(new Problem(of, actual.toString(), allowed, "Generation." + setting));
    }
  }
}
