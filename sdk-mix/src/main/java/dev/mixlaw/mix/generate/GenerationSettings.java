package dev.mixlaw.mix.generate;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.api.spi.TextGenerator.Written;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.MaterialSource;
import dev.mixlaw.mix.generate.spi.Style;
import dev.mixlaw.mix.internal.Utf8;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link Generation}. A method with the name of a field returns the field's value
 * or its default.
 */
final class GenerationSettings {
  /** Maximum number of tokens that chat templates, system messages and tools add to a prompt. */
  private static final long HIDDEN_PROMPT = 1 << 14;

  /** Maximum plausible average number of UTF-8 bytes per token of a text. */
  private static final long BYTES_OF_A_TOKEN = 64;

  final Corpus source;
  String name = "";
  long documents = Long.MAX_VALUE;
  @Nullable Style style;
  @Nullable MaterialSource materials;
  @Nullable TextGenerator generator;
  List<DraftFilter> filters = List.of();
  int maxTokens = 1024;
  double temperature = 1;
  OptionalLong seed = OptionalLong.empty();
  int concurrency = 1;
  RetryPolicy retry = RetryPolicy.DEFAULT;
  long tokenBudget = Long.MAX_VALUE;
  double costBudget = Double.POSITIVE_INFINITY;
  @Nullable Price price;
  Map<String, Price> otherPrices = Map.of();
  int unansweredLimit;
  Sleeper sleeper = Sleeper.system();

  GenerationSettings(Corpus source) {
    this.source = Objects.requireNonNull(source, "source");
  }

  String name() {
    return name.isEmpty() && style != null ? source.name() + "-" + style.name() : name;
  }

  /** Estimates the number of tokens in a text, as a quarter of its UTF-8 bytes. */
  static int tokens(String text) {
    return (Utf8.length(text) + 3) / 4;
  }

  Style style() {
    return Objects.requireNonNull(style, "style");
  }

  MaterialSource materials() {
    return materials == null ? style().materials() : materials;
  }

  TextGenerator generator() {
    return Objects.requireNonNull(generator, "generator");
  }

  long seed() {
    return seed.orElseThrow();
  }

  private Map<String, Price> prices() {
    Map<String, Price> prices = new TreeMap<>(otherPrices);
    if (price != null && generator != null) {
      prices.put(generator.name(), price);
    }
    return prices;
  }

  /** Returns the currency of costs, or an empty string without a price. */
  String currency() {
    return prices().values().stream().map(Price::currency).findFirst().orElse("");
  }

  Map<String, String> parameters() {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("max_tokens", Integer.toString(maxTokens));
    parameters.put("temperature", Double.toString(temperature));
    parameters.put("seed", Long.toString(seed()));
    parameters.put("tokens_counted_by", "UTF-8 bytes / 4");
    prices().forEach((of, value) -> parameters.put("price of " + of, value.toString()));
    return parameters;
  }

  /** Returns the cost of tokens, or 0 without a price. */
  double cost(TextGenerator by, long promptTokens, long writtenTokens) {
    Price of = prices().get(by.name());
    return of == null ? 0 : of.of(promptTokens, writtenTokens);
  }

  /**
   * Returns an answered request with its tokens and cost. Tokens are estimated if the generator
   * does not count them, or if its count is impossible for the text, because a wrong count would
   * make the budget useless.
   */
  Call call(TextGenerator by, String prompt, AnswerLog.Entry entry) {
    Written written = entry.written();
    long mostRead = 2L * Utf8.length(prompt) + HIDDEN_PROMPT;
    OptionalLong counted = possible(written.promptTokens(), prompt, mostRead);
    OptionalLong countedText =
        possible(
            written.writtenTokens(), written.text(), 2L * maxTokens + Utf8.length(written.text()));
    boolean estimated = counted.isEmpty() || countedText.isEmpty();
    long read = counted.orElseGet(() -> tokens(prompt));
    long wrote = countedText.orElseGet(() -> tokens(written.text()));
    return new Call(
        by.name(),
        prompt,
        written.text(),
        written.cutOff(),
        read,
        wrote,
        estimated,
        cost(by, read, wrote),
        entry.answerSeed());
  }

  /** Returns a token count if it is possible for the text, and otherwise an empty result. */
  private static OptionalLong possible(OptionalLong tokens, String text, long most) {
    return tokens.isPresent()
            && tokens.getAsLong() >= (Utf8.length(text) + BYTES_OF_A_TOKEN - 1) / BYTES_OF_A_TOKEN
            && tokens.getAsLong() <= most
        ? tokens
        : OptionalLong.empty();
  }

  /**
   * Checks the settings.
   *
   * @throws MixlawException (description) if there are problems; the exception lists all of them
   */
  void check() {
    List<Problem> all = new ArrayList<>();
    check(all, style != null, "style", "none", "a style, such as Styles.hq()", "style");
    check(all, generator != null, "generator", "none", "a TextGenerator", "by");
    check(all, seed.isPresent(), "seed", "none", "any number", "seed");
    check(all, documents > 0, "number of source documents", documents, "at least 1", "first");
    check(all, maxTokens > 0, "tokens per answer", maxTokens, "at least 1", "maxTokens");
    check(all, temperature >= 0, "temperature", temperature, "0 or more", "temperature");
    check(all, concurrency > 0, "concurrent requests", concurrency, "at least 1", "concurrency");
    check(
        all,
        unansweredLimit >= 0,
        "unanswered drafts",
        unansweredLimit,
        "0 or more",
        "unansweredLimit");
    check(all, tokenBudget > 0, "token budget", tokenBudget, "at least 1", "tokenBudget");
    check(all, costBudget > 0, "cost budget", costBudget, "above 0", "costBudget");
    check(
        all,
        price != null || !otherPrices.isEmpty() || costBudget == Double.POSITIVE_INFINITY,
        "cost budget",
        costBudget + " without a price",
        "a price for each generator if there is a cost budget",
        "price or costBudget");
    TreeSet<String> currencies = new TreeSet<>();
    if (price != null) {
      currencies.add(price.currency());
    }
    otherPrices.values().forEach(p -> currencies.add(p.currency()));
    check(all, currencies.size() < 2, "prices", currencies, "one currency", "price");
    TreeSet<String> names = new TreeSet<>();
    filters.forEach(f -> names.add(f.name()));
    check(all, names.size() == filters.size(), "filters", names, "distinct names", "filters");
    MixlawException.throwIfAny(MixlawException.Kind.DESCRIPTION, all);
  }

  private void check(
      List<Problem> all,
      boolean valid,
      String what,
      Object actual,
      String expected,
      String method) {
    if (!valid) {
      String subject = "generation from " + source.name() + ", " + what;
      all.add(new Problem(subject, actual.toString(), expected, "change Generation." + method));
    }
  }
}
