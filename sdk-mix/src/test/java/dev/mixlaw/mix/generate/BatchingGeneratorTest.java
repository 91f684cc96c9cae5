package dev.mixlaw.mix.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.spi.SamplingModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchingGeneratorTest {
  private static final int THREADS = 7;

  private final List<Thread> threads = new ArrayList<>();
  private final List<Object> outcomes = new ArrayList<>();
  private final List<Integer> together = new ArrayList<>();
  private final AtomicInteger writers = new AtomicInteger();

  /**
   * A model that waits until all other threads wait, and then takes all texts that are offered to
   * it.
   */
  private final class Fake implements SamplingModel {
    private final Consumer<List<Text>> how;

    Fake(Consumer<List<Text>> how) {
      this.how = how;
    }

    @Override
    public int context() {
      return 9;
    }

    @Override
    public int vocabulary() {
      return 9;
    }

    @Override
    public void losses(int[] ids, int rows, int length, int first, float[] nats) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void write(Supplier<? extends @Nullable Text> texts) {
      assertThat(writers.incrementAndGet()).as("threads at the model").isEqualTo(1);
      while (threads.stream().anyMatch(t -> t != Thread.currentThread() && !idle(t))) {
        Thread.onSpinWait();
      }
      List<Text> all = new ArrayList<>();
      for (Text text = texts.get(); text != null; text = texts.get()) {
        all.add(text);
      }
      together.add(all.size());
      writers.decrementAndGet();
      how.accept(all);
    }

    private boolean idle(Thread thread) {
      return thread.getState() == Thread.State.WAITING
          || thread.getState() == Thread.State.TERMINATED;
    }
  }

  private static void answer(List<SamplingModel.Text> texts) {
    texts.forEach(text -> text.written(new int[] {text.prompt()[0] * 10}));
  }

  private static int[] write(BatchingGenerator pen, int token) {
    return pen.write(new int[] {token}, new SamplingModel.Sampling(1, 1, 1, token, -1));
  }

  /**
   * Starts threads that each ask for one text, and stores the outcome of each in {@link #outcomes}.
   */
  private void writeFromThreads(BatchingGenerator pen) throws InterruptedException {
    for (int i = 0; i < THREADS; i++) {
      int token = i;
      outcomes.add("nothing");
      threads.add(
          new Thread(
              () -> {
                Object outcome;
                try {
                  outcome = write(pen, token)[0];
                } catch (IllegalStateException e) {
                  outcome = String.valueOf(e.getMessage());
                }
                synchronized (outcomes) {
                  outcomes.set(token, outcome);
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void oneThreadWritesForAll() throws InterruptedException {
    writeFromThreads(new BatchingGenerator(new Fake(BatchingGeneratorTest::answer)));

    assertThat(together).containsExactly(THREADS);
    assertThat(outcomes).isEqualTo(IntStream.range(0, THREADS).mapToObj(i -> i * 10).toList());
  }

  @Test
  void limitsTheTextsOfOneLeader() throws InterruptedException {
    writeFromThreads(new BatchingGenerator(new Fake(BatchingGeneratorTest::answer), 3));

    assertThat(together).containsExactly(3, 3, 1);
    assertThat(outcomes).isEqualTo(IntStream.range(0, THREADS).mapToObj(i -> i * 10).toList());
  }

  @Test
  void aFailureReachesAllUnfinishedTextsOfTheBatch() throws InterruptedException {
    BatchingGenerator pen =
        new BatchingGenerator(
            new Fake(
                texts -> {
                  if (texts.size() == 1) {
                    answer(texts);
                  } else {
                    answer(texts.subList(0, 2));
                    throw new IllegalArgumentException("no ink");
                  }
                }));
    writeFromThreads(pen);

    assertThat(outcomes.stream().filter(Integer.class::isInstance)).hasSize(2);
    assertThat(outcomes.stream().filter(String.class::isInstance))
        .hasSize(THREADS - 2)
        .allMatch(reason -> reason.toString().contains("no ink"));
    assertThat(write(pen, 4)).containsExactly(40);
  }

  @Test
  void aModelThatLeavesTextsUnfinishedIsAFailure() {
    BatchingGenerator forgetful = new BatchingGenerator(new Fake(texts -> {}));
    BatchingGenerator idle = new BatchingGenerator(new Fake(texts -> {}), 0);

    assertThatThrownBy(() -> write(forgetful, 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> write(idle, 1)).isInstanceOf(IllegalStateException.class);
  }
}
