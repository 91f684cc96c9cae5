package dev.mixlaw.mix.generate;

import dev.mixlaw.api.spi.GeneratorException;
import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.api.spi.TextGenerator.Written;
import dev.mixlaw.mix.internal.Hash64;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;

/** Asks generators: what is remembered not again, what failed with patience, within the budget. */
final class RequestExecutor implements RequestHandler {
  private final AnswerLog log;
  private final Budgeting ledger;
  private final PriceList tariff;
  private final RetryPolicy retry;
  private final Sleeper waiting;
  private final GenerationListener listener;
  private final CountDownLatch stop = new CountDownLatch(1);

  RequestExecutor(
      AnswerLog log,
      Budgeting ledger,
      PriceList tariff,
      RetryPolicy retry,
      Sleeper waiting,
      GenerationListener listener) {
    this.log = log;
    this.ledger = ledger;
    this.tariff = tariff;
    this.retry = retry;
    this.waiting = waiting;
    this.listener = listener;
  }

  /** Makes no more requests; those under way end. */
  void stop() {
    stop.countDown();
  }

  @Override
  public Answer ask(
      TextGenerator generator, String prompt, TextGenerator.Settings settings, String likely) {
    String key = AnswerLog.key(generator, prompt, settings);
    Optional<AnswerLog.Entry> earlier = log.find(key);
    if (earlier.isPresent()) {
      return account(tariff.answer(generator, prompt, earlier.get()), true);
    }
    long counted = tariff.tokens().applyAsInt(prompt);
    long promptTokens = ledger.promptTokens(counted);
    long mostTokens = promptTokens + settings.maxTokens();
    double mostCost = tariff.cost(generator, promptTokens, settings.maxTokens());
    try {
      if (!ledger.setAside(mostTokens, mostCost)) {
        throw StoppedException.byBudget();
      }
      try {
        if (stop.getCount() == 0) {
          throw StoppedException.byOthers();
        }
        AnswerLog.Entry entry = persist(generator, prompt, settings, key);
        log.add(key, entry);
        Answer answer = tariff.answer(generator, prompt, entry);
        ledger.learn(counted, answer.promptTokens());
        return account(answer, false);
      } finally {
        ledger.release(mostTokens, mostCost);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw StoppedException.byOthers();
    }
  }

  private Answer account(Answer answer, boolean earlier) {
    synchronized (listener) {
      ledger.spend(answer);
      listener.on(
          new GenerationEvent.Answered(earlier, ledger.requests(), ledger.tokens(), ledger.cost()));
    }
    return answer;
  }

  /**
   * Asks until there is an answer, or no use in asking on; after an answer of no use with another
   * seed, as a generator that heeds seeds would give the same again.
   */
  private AnswerLog.Entry persist(
      TextGenerator generator, String prompt, TextGenerator.Settings settings, String key)
      throws InterruptedException {
    int useless = 0;
    for (int attempt = 1; ; attempt++) {
      OptionalLong other = otherSeed(settings.seed(), useless);
      try {
        Written written = generator.write(prompt, seeded(settings, other));
        if (!written.text().isBlank()) {
          return new AnswerLog.Entry(ValidUnicode.of(written), other);
        }
        throw new GeneratorException(GeneratorException.Failure.UNUSABLE, "an empty answer");
      } catch (GeneratorException e) {
        useless += e.failure() == GeneratorException.Failure.UNUSABLE ? 1 : 0;
        Duration pause = pause(e, attempt, key);
        synchronized (listener) {
          listener.on(new GenerationEvent.Retrying(e.getMessage(), attempt, pause));
        }
        if (waiting.stopped(pause, stop)) {
          throw StoppedException.byOthers();
        }
      }
    }
  }

  /** A pure function of the request and of how often its answer was of no use. */
  private static OptionalLong otherSeed(long seed, int useless) {
    return useless == 0
        ? OptionalLong.empty()
        : OptionalLong.of(Hash64.at(Hash64.mix(seed), useless));
  }

  private static TextGenerator.Settings seeded(TextGenerator.Settings settings, OptionalLong seed) {
    return new TextGenerator.Settings(
        settings.maxTokens(), settings.temperature(), seed.orElse(settings.seed()));
  }

  /** How long to wait before asking again, if that is of use. */
  private Duration pause(GeneratorException failure, int attempt, String key) {
    if (!failure.mayPass()) {
      throw failure;
    }
    Duration wished = failure.retryAfter().orElse(Duration.ZERO);
    if (attempt >= retry.attempts() || wished.compareTo(retry.patience()) > 0) {
      throw new GeneratorException(
          failure.failure(),
          failure.getMessage()
              + (attempt >= retry.attempts()
                  ? " (attempt " + attempt + " of " + retry.attempts() + ")"
                  : " (it asks to wait " + wished + ", more than " + retry.patience() + ")"),
          failure.retryAfter(),
          failure);
    }
    Duration own = retry.pause(attempt, Hash64.of(key, 0));
    return own.compareTo(wished) > 0 ? own : wished;
  }
}
