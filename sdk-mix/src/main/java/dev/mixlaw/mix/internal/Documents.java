package dev.mixlaw.mix.internal;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import java.util.function.Consumer;

public final class Documents {
  private Documents() {}

  /** Passes each document of a stream to a consumer and closes the stream. */
  public static void each(DocumentStream documents, Consumer<? super Document> consumer) {
    try (documents) {
      documents.forEachRemaining(consumer);
    }
  }
}
