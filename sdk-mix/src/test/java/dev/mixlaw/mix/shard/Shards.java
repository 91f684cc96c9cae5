package dev.mixlaw.mix.shard;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.internal.TextFingerprint;
import java.nio.file.Path;
import java.util.List;

/** Writes shards from documents, each of which is a batch of its own. */
public final class Shards {
  private Shards() {}

  /** Writes a shard with all documents of a stream. */
  public static void write(Path file, DocumentStream documents, Tokenizer tokenizer) {
    TextFingerprint content = new TextFingerprint();
    ShardWriter.write(
        file,
        tokenizer,
        writer -> {
          while (documents.hasNext()) {
            Document document = documents.next();
            content.add(document);
            writer.add(TokenBatch.of(List.of(document), tokenizer, null));
          }
          TokenBatch.PartEnd end =
              new TokenBatch.PartEnd(
                  content.hex(), documents.skipped(), documents.skippedExamples());
          writer.add(TokenBatch.of(List.of(), tokenizer, end));
        });
  }
}
