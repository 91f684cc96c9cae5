package dev.mixlaw.mix;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.shard.MixtureSampler;
import dev.mixlaw.mix.shard.Shards;
import dev.mixlaw.mix.shard.TokenShard;
import dev.mixlaw.mix.token.Tokenizers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Times the tokenizer, shards and sampler on a folder of corpora; {@code BENCHMARKS.md} says how to
 * run it.
 */
public final class TokenBenchmark {
  private static final int ROUNDS = 5;
  private static final int CONTEXT = 256;
  private static final int STEP_SEQUENCES = 6; // 1536 tokens, a training step of about 20 ms

  private TokenBenchmark() {}

  /** Prints the times; the argument is the directory of the corpora. */
  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]);
    Map<String, List<String>> corpora = new LinkedHashMap<>();
    for (Path file : Shared.files(root)) {
      corpora.put(root.relativize(file).toString().replaceAll("[/.]", "-"), Shared.texts(file));
    }
    List<String> all = corpora.values().stream().flatMap(List::stream).toList();
    double megabytes = all.stream().mapToLong(TokenBenchmark::bytes).sum() / 1e6;
    say("%d documents, %.1f MB", all.size(), megabytes);

    Tokenizer tokenizer = train(all);
    encode(all, megabytes, tokenizer);
    Path directory = Files.createTempDirectory("token-benchmark");
    sample(corpora, tokenizer, directory);
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  private static Tokenizer train(List<String> all) {
    Tokenizer tokenizer = null;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      List<String> texts = new ArrayList<>();
      long sample = 0;
      for (int i = 0; sample < 8_000_000; i += 7) {
        String text = all.get(i % all.size());
        texts.add(text);
        sample += bytes(text);
      }
      tokenizer = Tokenizers.train(4096, texts::forEach);
      say("training 4096 tokens on %.1f MB: %.2f s", sample / 1e6, seconds(start));
    }
    return tokenizer;
  }

  private static void encode(List<String> all, double megabytes, Tokenizer tokenizer) {
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      long tokens = 0;
      for (String text : all) {
        tokens += tokenizer.encode(text).length;
      }
      double seconds = seconds(start);
      say("encoding: %.1f MB/s, %.2f bytes a token", megabytes / seconds, megabytes * 1e6 / tokens);
    }
  }

  private static void sample(
      Map<String, List<String>> corpora, Tokenizer tokenizer, Path directory) {
    Map<String, TokenShard> shards = new LinkedHashMap<>();
    Mixture mixture = Mixture.named("all");
    long start = System.nanoTime();
    for (Map.Entry<String, List<String>> corpus : corpora.entrySet()) {
      List<Document> documents = new ArrayList<>();
      corpus.getValue().forEach(t -> documents.add(new Document("" + documents.size(), t)));
      Corpus described = Corpus.documents(corpus.getKey(), () -> DocumentStream.of(documents));
      Path file = directory.resolve(corpus.getKey());
      Shards.write(file, DocumentStream.of(documents), tokenizer);
      shards.put(corpus.getKey(), TokenShard.open(file, described));
      if (mixture.parts().size() < 8) {
        mixture = mixture.with(described, 1.0 / (1 + mixture.parts().size()));
      }
    }
    say("writing and checking %d shards: %.2f s", shards.size(), seconds(start));
    for (int round = 0; round < ROUNDS; round++) {
      MixtureSampler sampler = new MixtureSampler(mixture.shares(), shards, CONTEXT, 1);
      int[] batch = new int[STEP_SEQUENCES * (CONTEXT + 1)];
      int steps = 20_000;
      start = System.nanoTime();
      for (long step = 0; step < steps; step++) {
        for (int row = 0; row < STEP_SEQUENCES; row++) {
          sampler.read(step * STEP_SEQUENCES + row, batch, row * (CONTEXT + 1));
        }
      }
      say(
          "sampling 8 corpora: %.1f µs a step of %d tokens",
          1e6 * seconds(start) / steps, STEP_SEQUENCES * CONTEXT);
    }
    MixtureSampler sampler = new MixtureSampler(mixture.shares(), shards, CONTEXT, 1);
    start = System.nanoTime();
    sampler.read(10_000_000, new int[CONTEXT + 1], 0);
    say("first look at position 10,000,000: %.0f ms", 1e3 * seconds(start));
    shards.values().forEach(TokenShard::close);
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
