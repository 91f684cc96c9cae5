package dev.mixlaw.eval.stats;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Runs tasks in parallel. A runtime exception of a task is rethrown without a wrapper. */
public final class Parallel {
  private Parallel() {}

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
