package dev.mixlaw.mix.generate;

import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.SamplingModel.Sampling;
import dev.mixlaw.api.spi.SamplingModel.Text;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model that several threads write with. One of those that wait has the pen and writes for all,
 * taking up what others ask for as it goes, until nobody asks or it has taken up its share: so
 * nobody writes for others for ever.
 */
final class BatchingGenerator {
  /** Texts that a thread takes up at most: many times as many as a model writes at once. */
  private static final int SHARE = 1024;

  private final SamplingModel model;
  private final int share;
  private final Deque<Order> waiting = new ArrayDeque<>();
  private boolean taken;

  /**
   * @param model used by nobody else meanwhile
   */
  BatchingGenerator(SamplingModel model) {
    this(model, SHARE);
  }

  BatchingGenerator(SamplingModel model, int share) {
    this.model = model;
    this.share = share;
  }

  /** A text that a thread waits for; guarded by the pen. */
  private final class Order implements Text {
    private final int[] prompt;
    private final Sampling settings;
    private int @Nullable [] written;
    private @Nullable Throwable failure;

    Order(int[] prompt, Sampling settings) {
      this.prompt = prompt;
      this.settings = settings;
    }

    @Override
    public int[] prompt() {
      return prompt;
    }

    @Override
    public Sampling settings() {
      return settings;
    }

    @Override
    public void written(int[] ids) {
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
   * What a model writes. An interrupt is kept for afterwards.
   *
   * @throws IllegalStateException if it fails
   */
  int[] write(int[] prompt, Sampling settings) {
    Order mine = new Order(prompt, settings);
    synchronized (this) {
      waiting.add(mine);
    }
    while (takesPen(mine)) {
      writeForAll(mine);
    }
    if (mine.written == null) {
      throw new IllegalStateException("the model cannot write: " + mine.failure, mine.failure);
    }
    return mine.written;
  }

  /** Waits for the text or for the pen; whether it is the pen. */
  private synchronized boolean takesPen(Order mine) {
    boolean interrupted = false;
    while (taken && !mine.settled()) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (mine.settled()) {
      return false;
    }
    taken = true;
    return true;
  }

  private void writeForAll(Order mine) {
    List<Order> begun = new ArrayList<>();
    Throwable failure = new IllegalStateException("it gave up a text");
    try {
      model.write(() -> begun.size() < share ? next(begun) : null);
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    release(begun, mine, failure);
  }

  private synchronized @Nullable Order next(List<Order> begun) {
    Order next = waiting.poll();
    if (next != null) {
      begun.add(next);
    }
    return next;
  }

  /** Gives the pen away; what was begun and is not done has failed, or at least the own text. */
  private synchronized void release(List<Order> begun, Order mine, Throwable failure) {
    taken = false;
    if (begun.isEmpty()) {
      waiting.remove(mine);
      begun.add(mine);
    }
    for (Order order : begun) {
      if (!order.settled()) {
        order.failure = failure;
      }
    }
    notifyAll();
  }
}
