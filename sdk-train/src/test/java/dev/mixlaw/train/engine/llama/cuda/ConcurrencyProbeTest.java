package dev.mixlaw.train.engine.llama.cuda;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.api.spi.TrainingSession.StepResult;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests trial sessions that run concurrently if one of them fails. */
class ConcurrencyProbeTest {
  private static final SessionSpec MODEL =
      new SessionSpec(
          ModelSpec.of("minute", 32, 1, 2, 40).withContext(18), 40, 2, Recipe.standard(), 7, 1);

  private static <T> T fake(Class<T> port, InvocationHandler handler) {
    return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, handler));
  }

  /**
   * A session that fails to start must not block the others, which wait for it. Otherwise a plan
   * would never finish.
   */
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aSessionThatFailsToStartDoesNotBlockOthers() {
    StepResult step = new StepResult(1, 1);
    Supplier<StepResult> later = () -> step;
    AtomicInteger opened = new AtomicInteger();
    TrainingEngine full =
        fake(
            TrainingEngine.class,
            (proxy, method, arguments) -> {
              // The single session starts; of the two concurrent sessions, the second fails.
              if (opened.incrementAndGet() == 3) {
                throw new IllegalStateException("the card is full");
              }
              return fake(
                  TrainingSession.class,
                  (session, called, given) ->
                      switch (called.getName()) {
                        case "step" -> step;
                        case "begin" -> later;
                        default -> null;
                      });
            });
    assertThatThrownBy(() -> new ConcurrencyProbe(full, MODEL, 2, Duration.ofMillis(1)).best())
        .hasMessage("the card is full");
  }
}
