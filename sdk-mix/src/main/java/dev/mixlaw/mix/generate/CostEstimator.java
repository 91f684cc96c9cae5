package dev.mixlaw.mix.generate;

import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.api.spi.TextGenerator.Written;
import dev.mixlaw.mix.generate.GenerationPlan.Amount;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the number and the cost of requests without sending them. Each request is answered with
 * its stored answer or, if there is none, a text of the expected length.
 */
final class CostEstimator implements RequestHandler {
  private static final Amount NOTHING = new Amount(0, 0, 0, 0, 0, 0);

  private final GenerationSettings settings;
  private final @Nullable AnswerLog log;
  private Amount all = NOTHING;
  private Amount left = NOTHING;
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
    long most = logged.isPresent() ? call.writtenTokens() : how.maxTokens();
    long likely = Math.min(call.writtenTokens(), most);
    Amount one =
        new Amount(
            1,
            promptTokens,
            likely,
            most,
            settings.cost(generator, promptTokens, likely),
            settings.cost(generator, promptTokens, most));
    all = all.plus(one);
    left = logged.isPresent() ? left : left.plus(one);
    return call;
  }

  synchronized GenerationPlan plan(long documents, long drafts) {
    boolean tooLittle =
        all.promptTokens() + all.likelyTokens() > settings.tokenBudget
            || all.likelyCost() > settings.costBudget;
    return new GenerationPlan(
        settings.name(),
        documents,
        drafts,
        all,
        left,
        longestPrompt,
        settings.currency(),
        tooLittle
            ? List.of("the budget is likely to be spent before all requests are sent")
            : List.of());
  }
}
