package dev.mixlaw.mix.generate;

import dev.mixlaw.api.spi.GeneratorException;
import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.api.spi.TextGenerator.Written;
import dev.mixlaw.mix.internal.Hash64;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends requests to generators within the budget and retries failed requests. If the answer to a
 * request is in the answer log, the request is not sent.
 */
final class RequestExecutor implements RequestHandler {
  private static final System.Logger LOGGER = System.getLogger("dev.mixlaw.mix");

  /** The maximum number of consecutive refusals that are attributed to the prompts. */
  private static final int REFUSED_IN_A_ROW = 16;

  private final GenerationSettings settings;
  private final AnswerLog log;
  private final GenerationListener listener;
  private final Budgeting budgeting;
  private final CountDownLatch stop = new CountDownLatch(1);

  /** For each generator, the number of consecutive requests that it refused for unknown reasons. */
  private final Map<String, Integer> refused = new ConcurrentHashMap<>();

  private final AtomicBoolean warned = new AtomicBoolean();

  RequestExecutor(GenerationSettings settings, AnswerLog log, GenerationListener listener) {
    this.settings = settings;
    this.log = log;
    this.listener = listener;
    this.budgeting = new Budgeting(settings.tokenBudget, settings.costBudget);
  }

  /** Stops sending requests. Pending requests are completed. */
  void stop() {
    stop.countDown();
  }

  @Override
  public Call ask(
      TextGenerator generator, String prompt, TextGenerator.Settings how, String expected) {
    String key = AnswerLog.key(generator, prompt, how);
    Optional<AnswerLog.Entry> logged = log.find(key);
    if (logged.isPresent()) {
      refused.put(generator.name(), 0);
      return account(settings.call(generator, prompt, logged.get()), true);
    }
    long counted = GenerationSettings.tokens(prompt);
    long promptTokens = budgeting.promptTokens(counted);
    long maxTokens = promptTokens + how.maxTokens();
    double maxCost = settings.cost(generator, promptTokens, how.maxTokens());
    try {
      if (!budgeting.reserve(maxTokens, maxCost)) {
        throw StoppedException.budgetSpent();
      }
      try {
        if (stop.getCount() == 0) {
          throw StoppedException.stopped();
        }
        AnswerLog.Entry entry = execute(generator, prompt, how, key);
        log.add(entry);
        refused.put(generator.name(), 0);
        Call call = settings.call(generator, prompt, entry);
        if (call.estimated() && entry.counted() && !warned.getAndSet(true)) {
          LOGGER.log(
              System.Logger.Level.WARNING,
              "generator {0} counts {1} tokens in a prompt of {2} characters and {3} in an answer of {4} characters; such counts are replaced by estimates",
              generator.name(),
              entry.promptTokens(),
              prompt.length(),
              entry.writtenTokens(),
              entry.text().length());
        }
        budgeting.observe(counted, call.promptTokens());
        return account(call, false);
      } finally {
        budgeting.release(maxTokens, maxCost);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw StoppedException.stopped();
    }
  }

  private Call account(Call call, boolean earlier) {
    synchronized (listener) {
      budgeting.spend(call, earlier, listener);
    }
    return call;
  }

  /**
   * Sends a request until it is answered or may not be retried. The seed changes after an unusable
   * answer, because otherwise the generator would repeat the answer.
   */
  private AnswerLog.Entry execute(
      TextGenerator generator, String prompt, TextGenerator.Settings how, String key)
      throws InterruptedException {
    int unusable = 0;
    for (int attempt = 1; ; attempt++) {
      OptionalLong seed = retrySeed(how.seed(), unusable);
      try {
        Written written =
            generator.write(
                prompt,
                new TextGenerator.Settings(
                    how.maxTokens(), how.temperature(), seed.orElse(how.seed())));
        if (!written.text().isBlank()) {
          return AnswerLog.Entry.of(key, validUnicode(written.text()), written, seed);
        }
        throw new GeneratorException(GeneratorException.Failure.UNUSABLE, "an empty answer");
      } catch (GeneratorException e) {
        if (e.failure() == GeneratorException.Failure.REFUSED) {
          throw new GeneratorException(whose(generator), e.getMessage(), e.retryAfter(), e);
        }
        unusable += e.failure() == GeneratorException.Failure.UNUSABLE ? 1 : 0;
        Duration pause = pauseBeforeRetry(e, attempt, key);
        synchronized (listener) {
          listener.retrying(String.valueOf(e.getMessage()), attempt, pause);
        }
        if (settings.sleeper.sleep(pause, stop)) {
          throw StoppedException.stopped();
        }
      }
    }
  }

  /**
   * Attributes a refusal to the prompt. If the generator has not answered any request yet, or has
   * refused too many consecutive requests, attributes the refusal to the generator.
   */
  private GeneratorException.Failure whose(TextGenerator generator) {
    Integer inARow = refused.computeIfPresent(generator.name(), (name, count) -> count + 1);
    return inARow == null || inARow > REFUSED_IN_A_ROW
        ? GeneratorException.Failure.GENERATOR
        : GeneratorException.Failure.PROMPT;
  }

  /** Replaces unpaired surrogates, which UTF-8 cannot encode, with U+FFFD. */
  private static String validUnicode(String text) {
    StringBuilder valid = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .forEach(valid::appendCodePoint);
    return valid.toString();
  }

  /** Returns the seed of a retry, or empty before the first unusable answer. */
  private static OptionalLong retrySeed(long seed, int unusable) {
    return unusable == 0
        ? OptionalLong.empty()
        : OptionalLong.of(Hash64.at(Hash64.mix(seed), unusable));
  }

  /**
   * Returns the pause before the next attempt, or throws the failure if there are no more attempts.
   */
  private Duration pauseBeforeRetry(GeneratorException failure, int attempt, String key) {
    if (!failure.mayPass()) {
      throw failure;
    }
    RetryPolicy retry = settings.retry;
    Duration requested = failure.retryAfter().orElse(Duration.ZERO);
    if (attempt >= retry.attempts() || requested.compareTo(retry.longestRetryAfter()) > 0) {
      throw new GeneratorException(
          failure.failure(),
          failure.getMessage()
              + (attempt >= retry.attempts()
                  ? " (attempt " + attempt + " of " + retry.attempts() + ")"
                  : " (retry after %s; expected at most %s)"
                      .formatted(requested, retry.longestRetryAfter())),
          failure.retryAfter(),
          failure);
    }
    Duration own = retry.pause(attempt, Hash64.of(key, 0));
    return own.compareTo(requested) > 0 ? own : requested;
  }
}
