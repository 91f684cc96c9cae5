package dev.mixlaw.mix.generate;

import dev.mixlaw.api.internal.Threads;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.SamplingModel.Sampling;
import dev.mixlaw.api.spi.SamplingModel.Text;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Generates the texts requested by several threads in one batch, with a single model. One of the
 * waiting threads is the leader and runs the model for all threads. New requests join the batch
 * while the model runs, up to a limit, so that no thread leads forever.
 */
final class BatchingGenerator {
  /** The maximum number of texts per leader, which is many times the size of a batch. */
  private static final int MAX_TEXTS = 1024;

  private final SamplingModel model;
  private final int maxTexts;
  private final Deque<Request> waiting = new ArrayDeque<>();
  private boolean led;

  /** Creates a generator. The model must not be used elsewhere at the same time. */
  BatchingGenerator(SamplingModel model) {
    this(model, MAX_TEXTS);
  }

  BatchingGenerator(SamplingModel model, int maxTexts) {
    this.model = model;
    this.maxTexts = maxTexts;
  }

  /** The request of a waiting thread. Access is guarded by the generator. */
  private final class Request {
    private final Text text;
    private int @Nullable [] written;
    private @Nullable Throwable failure;

    Request(int[] prompt, Sampling settings) {
      text = new Text(prompt, settings, this::finish);
    }

    private void finish(int[] ids) {
      synchronized (BatchingGenerator.this) {
        written = ids;
        BatchingGenerator.this.notifyAll();
      }
    }

    boolean settled() {
      return written != null || failure != null;
    }
  }

  /**
   * Generates one text. If the thread is interrupted, it continues to wait and stays interrupted.
   *
   * @throws IllegalStateException if the model fails
   */
  int[] write(int[] prompt, Sampling settings) {
    Request mine = new Request(prompt, settings);
    synchronized (this) {
      waiting.add(mine);
    }
    while (leads(mine)) {
      runBatch(mine);
    }
    if (mine.written == null) {
      throw new IllegalStateException(
          "the model cannot generate text: " + mine.failure, mine.failure);
    }
    return mine.written;
  }

  /** Waits until the text is complete or this thread leads. Returns whether this thread leads. */
  private synchronized boolean leads(Request mine) {
    Threads.await(() -> !led || mine.settled(), this::wait, () -> {});
    if (mine.settled()) {
      return false;
    }
    led = true;
    return true;
  }

  private void runBatch(Request mine) {
    List<Request> batch = new ArrayList<>();
    Throwable failure = new IllegalStateException("the model did not finish all texts");
    try {
      model.write(() -> batch.size() < maxTexts ? next(batch) : null);
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    release(batch, mine, failure);
  }

  private synchronized @Nullable Text next(List<Request> batch) {
    Request next = waiting.poll();
    if (next == null) {
      return null;
    }
    batch.add(next);
    return next.text;
  }

  /**
   * Ends the leadership of this thread. Incomplete texts of the batch fail. If the batch is empty,
   * the text of this thread fails.
   */
  private synchronized void release(List<Request> batch, Request mine, Throwable failure) {
    led = false;
    if (batch.isEmpty()) {
      waiting.remove(mine);
      batch.add(mine);
    }
    for (Request order : batch) {
      if (!order.settled()) {
        order.failure = failure;
      }
    }
    notifyAll();
  }
}
