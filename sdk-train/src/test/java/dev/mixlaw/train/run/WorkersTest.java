package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.internal.spi.DeviceLostException;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.storage.Disk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {
  @TempDir Path directory;

  @AfterEach
  void noThreadIsLeft() {
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(t -> t.getName().startsWith("mixlaw-worker"));
  }

  @Test
  void fourWorkersGiveTheResultsOfOne() {
    TestLab one = new TestLab(directory.resolve("one"));
    TestLab four = new TestLab(directory.resolve("four"));
    one.study = one.study.seeds(2);
    four.study = one.study;
    four.threads = 4;
    four.disk = new Disk();
    // The test continues only if all four workers are within their first step at the same time.
    CyclicBarrier together = new CyclicBarrier(4);
    four.engine.hook =
        new BigramEngine.Hook() {
          @Override
          public void step(SessionSpec spec, long step) {
            if (step == 0) {
              await(together);
            }
          }
        };

    List<RunResult> expected = TestLab.timeless(one.run());

    assertThat(TestLab.timeless(four.run())).isEqualTo(expected);
    assertThat(four.engine.openSessions).hasValue(0);
  }

  @Test
  void theOrderOfCompletionChangesNothing() {
    TestLab one = new TestLab(directory.resolve("one"));
    one.study = one.study.seeds(2);
    List<RunResult> expected = TestLab.timeless(one.run());
    TestLab two = new TestLab(directory.resolve("two"));
    two.study = one.study;
    two.threads = 2;
    // The session that opens first waits until all runs of the other three trunks have ended.
    AtomicInteger sessions = new AtomicInteger();
    ThreadLocal<Boolean> first = ThreadLocal.withInitial(() -> sessions.getAndIncrement() == 0);
    CountDownLatch others = new CountDownLatch(9);
    two.engine.hook =
        new BigramEngine.Hook() {
          @Override
          public void step(SessionSpec spec, long step) {
            if (step == 0 && first.get()) {
              await(others);
            }
          }
        };
    List<RunResult> ended = new ArrayList<>();
    two.listener =
        event -> {
          if (event instanceof StudyEvent.Finished finished) {
            ended.add(finished.result());
            others.countDown();
          }
        };

    List<RunResult> results = two.run();

    assertThat(TestLab.timeless(results)).isEqualTo(expected);
    assertThat(ended).hasSameElementsAs(results).isNotEqualTo(results);
  }

  @Test
  void theListenerIsCalledByOneThreadAtATimeAndTokensOnlyGrow() {
    TestLab lab = new TestLab(directory);
    lab.study = lab.study.seeds(2);
    lab.threads = 4;
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    lab.listener =
        event -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          threads.add(Thread.currentThread());
          lab.events.add(event);
          Thread.onSpinWait();
          inside.decrementAndGet();
        };

    lab.run();

    assertThat(most).hasValue(1);
    assertThat(threads).hasSizeGreaterThan(1);
    List<StudyEvent.Stepped> steps =
        lab.events.stream()
            .filter(StudyEvent.Stepped.class::isInstance)
            .map(StudyEvent.Stepped.class::cast)
            .toList();
    assertThat(steps).hasSize(4 * 46);
    assertThat(steps)
        .extracting(StudyEvent.Stepped::studyTokens)
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(steps.get(steps.size() - 1).studyTokens()).isEqualTo(4 * 46 * 64);
    assertThat(steps).extracting(StudyEvent.Stepped::studyTotal).containsOnly(4 * 46 * 64L);
  }

  /** The runs of the first study fail until the worker trains the second study. */
  @Test
  void aWorkerTriesFailedRunsAgainWhenTheirStudyIsSubmittedAgain() {
    TestLab lab = new TestLab(directory);
    lab.submit();
    TestLab second = new TestLab(directory);
    second.study = TestLab.smallStudy("training-after-it").seeds(2).only(run -> run.seed() == 1);
    second.submit();
    AtomicInteger failures = new AtomicInteger();
    AtomicReference<Object> again = new AtomicReference<>();
    lab.engine.hook =
        new BigramEngine.Hook() {
          @Override
          public void step(SessionSpec spec, long step) {
            if (spec.seed() == RunSeeds.weights(1)) {
              again.updateAndGet(done -> done == null ? lab.submit() : done);
            } else if (again.get() == null) {
              failures.incrementAndGet();
              throw new IllegalStateException("this run fails");
            }
          }
        };

    lab.work();

    assertThat(failures).hasPositiveValue();
    assertThat(lab.stored().runs()).hasSize(6).allMatch(RunResult::completed);
    assertThat(second.stored().runs()).hasSize(6).allMatch(RunResult::completed);
  }

  private TestLab pool(String name, int cards, Function<BigramEngine, BigramEngine.Hook> hook) {
    TestLab lab = new TestLab(directory.resolve(name));
    lab.study = lab.study.seeds(2);
    lab.engine.device = cards + " cards";
    lab.engine.deviceMemory = OptionalLong.of(1_500_000);
    lab.engine.devices = new ArrayList<>();
    for (int i = 0; i < cards; i++) {
      BigramEngine card = new BigramEngine();
      card.device = "a card";
      card.hook = hook.apply(card);
      lab.engine.devices.add(card);
    }
    return lab;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void severalCardsTrainAtOnceToTheSameBits(int cards) {
    TestLab one = pool("one", 1, card -> new BigramEngine.Hook() {});
    List<RunResult> expected = TestLab.timeless(one.run());
    // The test continues only if all GPUs are within the first step of a model at the same time.
    CyclicBarrier together = new CyclicBarrier(cards);
    TestLab pool =
        pool(
            "pool",
            cards,
            card ->
                new BigramEngine.Hook() {
                  @Override
                  public void step(SessionSpec spec, long step) {
                    if (step == 0) {
                      await(together);
                    }
                  }
                });

    Plan plan = pool.plan();
    assertThat(plan.workers()).isEqualTo(cards);
    assertThat(plan.device()).isEqualTo(cards + " cards");
    assertThat(plan.layoutReason()).endsWith("on each of " + cards + " GPUs");
    assertThat(TestLab.timeless(pool.run())).isEqualTo(expected);

    assertThat(pool.engine.opened).hasValue(0);
    assertThat(pool.engine.devices)
        .map(BigramEngine.class::cast)
        .allSatisfy(card -> assertThat(card.opened).hasPositiveValue())
        .allSatisfy(card -> assertThat(card.openSessions).hasValue(0));
  }

  /** The other GPU is blocked within a step until the retry on the first GPU has begun. */
  @Test
  void aLostGpuDoesNotDelayOtherGpus() {
    List<RunResult> expected =
        TestLab.timeless(pool("one", 1, card -> new BigramEngine.Hook() {}).run());
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch retried = new CountDownLatch(1);
    AtomicReference<BigramEngine> lost = new AtomicReference<>();
    TestLab pool =
        pool(
            "pool",
            2,
            card ->
                new BigramEngine.Hook() {
                  @Override
                  public void step(SessionSpec spec, long step) {
                    if (step == 3 && lost.compareAndSet(null, card)) {
                      await(held);
                      throw new DeviceLostException(
                          new Problem("the card", "is gone", "a card", "-"));
                    } else if (lost.get() == card) {
                      retried.countDown();
                    } else if (step == 3) {
                      held.countDown();
                      await(retried);
                    }
                  }
                });

    assertThat(TestLab.timeless(pool.run())).isEqualTo(expected);
    assertThat(pool.events)
        .filteredOn(StudyEvent.Warned.class::isInstance)
        .singleElement()
        .asString()
        .contains("continues from the last checkpoint");
  }

  @Test
  void mixturesOfTheSameSeedShareTheirInitialWeights() {
    TestLab lab = new TestLab(directory);
    lab.study = lab.study.seeds(2);
    Set<Long> seeds = ConcurrentHashMap.newKeySet();
    lab.engine.hook =
        new BigramEngine.Hook() {
          @Override
          public void step(SessionSpec spec, long step) {
            seeds.add(spec.seed());
          }
        };

    List<RunResult> results = lab.run();

    assertThat(seeds).hasSize(2);
    assertThat(results.get(0).measurements()).isNotEqualTo(results.get(3).measurements());
  }

  @Test
  void anInterruptStopsAllWorkersAndTheNextStartContinues() throws InterruptedException {
    TestLab whole = new TestLab(directory.resolve("whole"));
    List<RunResult> expected = TestLab.timeless(whole.run());
    TestLab lab = new TestLab(directory.resolve("lab"));
    lab.checkpoints = (steps, nanos, saveNanos) -> false;
    lab.threads = 2;
    CountDownLatch atStep12 = new CountDownLatch(2);
    CountDownLatch interrupted = new CountDownLatch(1);
    lab.engine.hook =
        new BigramEngine.Hook() {
          @Override
          public void step(SessionSpec spec, long step) {
            if (step == 12) {
              atStep12.countDown();
              await(interrupted);
            }
          }
        };
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicInteger stillInterrupted = new AtomicInteger();
    Thread caller =
        new Thread(
            () -> {
              try {
                lab.run();
              } catch (Throwable t) {
                thrown.set(t);
                stillInterrupted.set(Thread.currentThread().isInterrupted() ? 1 : 0);
              }
            });
    caller.start();
    assertThat(atStep12.await(1, TimeUnit.MINUTES)).isTrue();

    caller.interrupt();
    // The interrupted flag is cleared when join throws, so the caller has noticed the interrupt
    // while the workers are still blocked.
    while (caller.isInterrupted() && caller.isAlive()) {
      Thread.onSpinWait();
    }
    interrupted.countDown();
    caller.join();
    lab.engine.hook = new BigramEngine.Hook() {};
    lab.engine.steps.set(0);
    List<RunResult> results = lab.run();

    assertThat(thrown.get()).isInstanceOf(CancellationException.class);
    assertThat(stillInterrupted).hasValue(1);
    assertThat(TestLab.timeless(results)).isEqualTo(expected);
    assertThat(lab.engine.openSessions).hasValue(0);
    // On the interrupt, checkpoints were written. Of the 46 steps of each trunk, 13 and the 2 steps
    // of a branch need not be repeated.
    assertThat(lab.engine.steps.get()).isBetween(1L, 2 * (46L - 13 - 2));
  }

  /** An interrupted evaluator that would never end is stopped at its next call of the model. */
  @Test
  void anInterruptStopsMeasuringAndKeepsTheModel() {
    List<RunResult> expected = TestLab.timeless(new TestLab(directory.resolve("whole")).run());
    TestLab lab = new TestLab(directory.resolve("lab"));
    Thread caller = Thread.currentThread();
    lab.evaluator =
        (model, endOfText, domains) -> {
          caller.interrupt();
          while (true) {
            model.losses(new int[2], 1, 1, new float[1]);
          }
        };
    try {
      assertThatThrownBy(lab::run).isInstanceOf(CancellationException.class);
      assertThat(caller.isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    assertThat(lab.engine.openSessions).hasValue(0);

    lab.evaluator = new SumEvaluator();
    lab.engine.steps.set(0);
    assertThat(TestLab.timeless(lab.run())).isEqualTo(expected);
    assertThat(lab.engine.steps.get()).as("without the steps before the kept model").isEqualTo(82);
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(1, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
