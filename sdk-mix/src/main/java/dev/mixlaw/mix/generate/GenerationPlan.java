package dev.mixlaw.mix.generate;

import java.util.List;
import java.util.Locale;

/**
 * The estimated requests, tokens and cost of a generation, computed without sending a request.
 * Retries are not included.
 */
public final class GenerationPlan {
  private final String corpus;
  private final long documents;
  private final long drafts;
  private final Amount all;
  private final Amount left;
  private final long longestPrompt;
  private final String currency;
  private final List<String> warnings;

  /**
   * A number of requests, with their tokens and cost.
   *
   * @param likelyTokens number of generated tokens if answers have the length that the style
   *     expects
   * @param mostTokens number of generated tokens if every answer has the maximum length
   */
  record Amount(
      long requests,
      long promptTokens,
      long likelyTokens,
      long mostTokens,
      double likelyCost,
      double mostCost) {
    Amount plus(Amount other) {
      return new Amount(
          requests + other.requests,
          promptTokens + other.promptTokens,
          likelyTokens + other.likelyTokens,
          mostTokens + other.mostTokens,
          likelyCost + other.likelyCost,
          mostCost + other.mostCost);
    }
  }

  GenerationPlan(
      String corpus,
      long documents,
      long drafts,
      Amount all,
      Amount left,
      long longestPrompt,
      String currency,
      List<String> warnings) {
    this.corpus = corpus;
    this.documents = documents;
    this.drafts = drafts;
    this.all = all;
    this.left = left;
    this.longestPrompt = longestPrompt;
    this.currency = currency;
    this.warnings = List.copyOf(warnings);
  }

  /** Returns the number of documents in the new corpus if no draft is rejected. */
  public long documents() {
    return documents;
  }

  /** Returns the number of drafts to be written. */
  public long drafts() {
    return drafts;
  }

  /** Returns the number of requests of the whole generation, including answered requests. */
  public long requests() {
    return all.requests;
  }

  /** Returns the number of requests for which no answer is stored yet. */
  public long requestsLeft() {
    return left.requests;
  }

  /**
   * Returns the number of tokens in the longest prompt. The prompt must fit in the generator's
   * context.
   */
  public long longestPrompt() {
    return longestPrompt;
  }

  /** Returns warnings, for example that the budget is likely to be too small. */
  public List<String> warnings() {
    return warnings;
  }

  Amount all() {
    return all;
  }

  /** Returns the plan as several lines of text. */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%s: %,d documents of %,d drafts, %,d requests, %,d of them not answered yet%n"
                    + "tokens left to read: %,d (longest prompt: %,d); to write: about %,d, at most"
                    + " %,d%n",
                corpus,
                documents,
                drafts,
                all.requests,
                left.requests,
                left.promptTokens,
                longestPrompt,
                left.likelyTokens,
                left.mostTokens));
    if (!currency.isEmpty()) {
      String cost = "cost left: about %s %.2f, at most %.2f%n";
      text.append(String.format(Locale.ROOT, cost, currency, left.likelyCost, left.mostCost));
    }
    warnings.forEach(w -> text.append("warning: ").append(w).append(System.lineSeparator()));
    return text.toString();
  }
}
