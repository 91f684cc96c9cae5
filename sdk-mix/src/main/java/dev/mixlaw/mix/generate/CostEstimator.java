package dev.mixlaw.mix.generate;

import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.api.spi.TextGenerator.Written;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the number and the cost of requests without sending them. Each request is answered with
 * its stored answer or, if there is none, a text of the expected length.
 */
final class CostEstimator implements RequestHandler {
  private final GenerationSettings settings;
  private final @Nullable AnswerLog log;
  private long requests;
  private long tokens;
  private double cost;
  private long requestsLeft;
  private long promptTokensLeft;
  private long likelyTokensLeft;
  private long mostTokensLeft;
  private double likelyCostLeft;
  private double mostCostLeft;
  private long longestPrompt;

  CostEstimator(GenerationSettings settings, @Nullable AnswerLog log) {
    this.settings = settings;
    this.log = log;
  }

  @Override
  public synchronized Call ask(
      TextGenerator generator, String prompt, TextGenerator.Settings how, String expected) {
    String key = AnswerLog.key(generator, prompt, how);
    Optional<AnswerLog.Entry> logged = log == null ? Optional.empty() : log.find(key);
    Call call =
        settings.call(
            generator,
            prompt,
            logged.orElseGet(
                () ->
                    AnswerLog.Entry.of(key, expected, Written.of(expected), OptionalLong.empty())));
    long promptTokens = call.promptTokens();
    longestPrompt = Math.max(longestPrompt, promptTokens);
    long likely =
        logged.isPresent() ? call.writtenTokens() : Math.min(call.writtenTokens(), how.maxTokens());
    double likelyCost = settings.cost(generator, promptTokens, likely);
    requests++;
    tokens += promptTokens + likely;
    cost += likelyCost;
    if (logged.isEmpty()) {
      requestsLeft++;
      promptTokensLeft += promptTokens;
      likelyTokensLeft += likely;
      mostTokensLeft += how.maxTokens();
      likelyCostLeft += likelyCost;
      mostCostLeft += settings.cost(generator, promptTokens, how.maxTokens());
    }
    return call;
  }

  synchronized GenerationPlan plan(long documents, long drafts) {
    boolean tooLittle = tokens > settings.tokenBudget || cost > settings.costBudget;
    return new GenerationPlan(
        settings.name(),
        documents,
        drafts,
        requests,
        requestsLeft,
        promptTokensLeft,
        likelyTokensLeft,
        mostTokensLeft,
        likelyCostLeft,
        mostCostLeft,
        longestPrompt,
        settings.currency(),
        tooLittle
            ? List.of("the budget is likely to be spent before all requests are sent")
            : List.of());
  }
}
