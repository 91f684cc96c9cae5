package dev.mixlaw.mix.generate;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What a generation will take, before anything is asked.
 *
 * @param corpus to be made
 * @param documents to be made, if nothing is refused
 * @param drafts they are joined from
 * @param all the whole of it
 * @param left what is not answered yet
 * @param longestPrompt tokens; the generator's context must hold it and the answer
 * @param currency of costs; empty without a price
 * @param warnings what to look at before starting
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
  public GenerationPlan {
    Objects.requireNonNull(corpus, "corpus");
    Objects.requireNonNull(all, "all");
    Objects.requireNonNull(left, "left");
    Objects.requireNonNull(currency, "currency");
    warnings = List.copyOf(warnings);
  }

  /**
   * Requests and what they take, without what is tried again.
   *
   * @param promptTokens to be read
   * @param likelyTokens to be written, if answers are as long as their styles expect
   * @param mostTokens to be written, if every answer is as long as it may be
   * @param likelyCost for {@code likelyTokens}
   * @param mostCost for {@code mostTokens}
   */
  public record Amount(
      long requests,
      long promptTokens,
      long likelyTokens,
      long mostTokens,
      double likelyCost,
      double mostCost) {
    /** Both together. */
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

  /** A few lines of text. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s: %,d documents of %,d drafts, %,d requests, %,d of them still to be made%n",
            corpus,
            documents,
            drafts,
            all.requests,
            left.requests));
    text.append(
        String.format(
            Locale.ROOT,
            "still to be read %,d tokens (longest prompt %,d), written about %,d, at most %,d%n",
            left.promptTokens,
            longestPrompt,
            left.likelyTokens,
            left.mostTokens));
    if (!currency.isEmpty()) {
      text.append(
          String.format(
              Locale.ROOT,
              "still to be paid about %s %.2f, at most %.2f%n",
              currency,
              left.likelyCost,
              left.mostCost));
    }
    warnings.forEach(w -> text.append("note: ").append(w).append(System.lineSeparator()));
    return text.toString();
  }
}
