package dev.mixlaw.eval.stats;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;

/** Runs tasks in parallel. A runtime exception of a task is rethrown without a wrapper. */
public final class Parallel {
  private Parallel() {}

  /**
   * Runs tasks in parallel.
   *
   * @param progress receives the fraction of tasks that are done, from one thread at a time
   */
  public static <T> List<T> all(
      List<Supplier<T>> work, Executor executor, DoubleConsumer progress) {
    AtomicInteger done = new AtomicInteger();
    return all(
        work.stream()
            .<Supplier<T>>map(
                w ->
                    () -> {
                      T result = w.get();
                      synchronized (done) {
                        progress.accept(done.incrementAndGet() / (double) work.size());
                      }
                      return result;
                    })
            .toList(),
        executor);
  }

  public static <T> List<T> all(List<Supplier<T>> work, Executor executor) {
    List<CompletableFuture<T>> futures =
        work.stream().map(w -> CompletableFuture.supplyAsync(w, executor)).toList();
    try {
      return futures.stream().map(CompletableFuture::join).toList();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
