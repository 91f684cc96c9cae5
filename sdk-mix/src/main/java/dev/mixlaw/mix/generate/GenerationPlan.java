package dev.mixlaw.mix.generate;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What a generation will take, computed without sending a request.
 *
 * @param corpus name of the new corpus
 * @param documents number of documents, if no draft is refused
 * @param drafts number of drafts
 * @param all amounts of the whole generation
 * @param left amounts of the requests that are not answered yet
 * @param longestPrompt number of tokens of the longest prompt; the generator's context must hold it
 *     and the answer
 * @param currency currency of costs; empty without a price
 * @param warnings warnings to read before the generation is run
 */
public record GenerationPlan(
    String corpus,
    long documents,
    long drafts,
    Amount all,
    Amount left,
    long longestPrompt,
    String currency,
    List<String> warnings) {
  /** Copies the warnings and checks that nothing is null. */
  public GenerationPlan {
    Objects.requireNonNull(corpus, "corpus");
    Objects.requireNonNull(all, "all");
    Objects.requireNonNull(left, "left");
    Objects.requireNonNull(currency, "currency");
    warnings = List.copyOf(warnings);
  }

  /**
   * Requests and their tokens and cost, without retries.
   *
   * @param requests number of requests
   * @param promptTokens number of tokens to read
   * @param likelyTokens number of tokens to write, if answers have the length that the style
   *     expects
   * @param mostTokens number of tokens to write, if every answer has the maximum length
   * @param likelyCost cost of {@code likelyTokens}
   * @param mostCost cost of {@code mostTokens}
   */
  public record Amount(
      long requests,
      long promptTokens,
      long likelyTokens,
      long mostTokens,
      double likelyCost,
      double mostCost) {
    /** Returns the sum of both amounts. */
    public Amount plus(Amount other) {
      return new Amount(
          requests + other.requests,
          promptTokens + other.promptTokens,
          likelyTokens + other.likelyTokens,
          mostTokens + other.mostTokens,
          likelyCost + other.likelyCost,
          mostCost + other.mostCost);
    }
  }

  /** Returns the plan as a few lines of text. */
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
