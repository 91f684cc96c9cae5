package dev.mixlaw.mix.generate;

import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.api.spi.TextGenerator.Written;
import dev.mixlaw.mix.generate.GenerationPlan.Amount;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Counts what would be asked; remembered answers are given, likely ones stand for the others. */
final class CostEstimator implements RequestHandler {
  private static final Amount NOTHING = new Amount(0, 0, 0, 0, 0, 0);

  private final @Nullable AnswerLog log;
  private final PriceList tariff;
  private Amount all = NOTHING;
  private Amount left = NOTHING;
  private long longestPrompt;

  CostEstimator(@Nullable AnswerLog log, PriceList tariff) {
    this.log = log;
    this.tariff = tariff;
  }

  @Override
  public synchronized Answer ask(
      TextGenerator generator, String prompt, TextGenerator.Settings settings, String likely) {
    Optional<AnswerLog.Entry> earlier =
        log == null ? Optional.empty() : log.find(AnswerLog.key(generator, prompt, settings));
    Answer answer = tariff.answer(generator, prompt, earlier.orElseGet(() -> likely(likely)));
    long read = answer.promptTokens();
    longestPrompt = Math.max(longestPrompt, read);
    long most = earlier.isPresent() ? answer.writtenTokens() : settings.maxTokens();
    long wrote = Math.min(answer.writtenTokens(), most);
    Amount one =
        new Amount(
            1,
            read,
            wrote,
            most,
            tariff.cost(generator, read, wrote),
            tariff.cost(generator, read, most));
    all = all.plus(one);
    left = earlier.isPresent() ? left : left.plus(one);
    return answer;
  }

  private static AnswerLog.Entry likely(String text) {
    return new AnswerLog.Entry(Written.of(text), OptionalLong.empty());
  }

  synchronized Amount all() {
    return all;
  }

  synchronized Amount left() {
    return left;
  }

  synchronized long longestPrompt() {
    return longestPrompt;
  }
}
