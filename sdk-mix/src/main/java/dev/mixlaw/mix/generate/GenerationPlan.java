package dev.mixlaw.mix.generate;

import dev.mixlaw.api.internal.Texts;
import java.util.List;

/**
 * The estimated requests, tokens and cost of a generation, computed without sending a request.
 * Retries are not included. Components with names that end in {@code Left} do not include requests
 * whose answers are stored.
 *
 * @param corpus name of the new corpus
 * @param documents number of documents in the new corpus if no draft is rejected
 * @param drafts number of drafts to be written
 * @param requests number of requests of the whole generation, including answered requests
 * @param requestsLeft number of requests for which no answer is stored yet
 * @param promptTokensLeft number of prompt tokens left to send
 * @param likelyTokensLeft number of tokens left to generate if answers have the length that the
 *     style expects
 * @param mostTokensLeft number of tokens left to generate if every answer has the maximum length
 * @param likelyCostLeft cost left if answers have the length that the style expects; 0 without a
 *     price
 * @param mostCostLeft cost left if every answer has the maximum length; 0 without a price
 * @param longestPrompt number of tokens in the longest prompt, which must fit in the generator's
 *     context
 * @param currency currency of the prices; empty if there are none
 * @param warnings warnings, for example that the budget is likely to be too small
 */
public record GenerationPlan(
    String corpus,
    long documents,
    long drafts,
    long requests,
    long requestsLeft,
    long promptTokensLeft,
    long likelyTokensLeft,
    long mostTokensLeft,
    double likelyCostLeft,
    double mostCostLeft,
    long longestPrompt,
    String currency,
    List<String> warnings) {
  /** Makes an immutable copy of the list. */
  public GenerationPlan {
    warnings = List.copyOf(warnings);
  }

  /** Returns the plan as several lines of text. */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            Texts.format(
                "%s: %,d documents of %,d drafts, %,d requests, %,d of them not answered yet%n"
                    + "tokens left to read: %,d (longest prompt: %,d); to write: about %,d, at most %,d%n",
                corpus,
                documents,
                drafts,
                requests,
                requestsLeft,
                promptTokensLeft,
                longestPrompt,
                likelyTokensLeft,
                mostTokensLeft));
    if (!currency.isEmpty()) {
      text.append(
          Texts.format(
              "cost left: about %s %.2f, at most %.2f%n", currency, likelyCostLeft, mostCostLeft));
    }
    warnings.forEach(w -> text.append("warning: ").append(w).append(System.lineSeparator()));
    return text.toString();
  }
}
