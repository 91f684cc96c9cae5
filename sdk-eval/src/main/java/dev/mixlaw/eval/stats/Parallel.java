package dev.mixlaw.eval.stats;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Pieces of work side by side; a mistake in one is thrown as it was. */
public final class Parallel {
  private Parallel() {}

  /** The results in the order of the work. */
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
