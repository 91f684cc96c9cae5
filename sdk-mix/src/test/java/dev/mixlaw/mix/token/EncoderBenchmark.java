package dev.mixlaw.mix.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.mix.Shared;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Compares the encoder with Hugging Face's library in speed and ids. Arguments: a directory of
 * text, and any number of {@code tokenizer.json} files; without a file, a vocabulary of 50,000
 * tokens is trained.
 */
public final class EncoderBenchmark {
  private EncoderBenchmark() {}

  /** Prints megabytes per second on one thread, and the number of texts with different ids. */
  public static void main(String[] arguments) throws IOException {
    List<String> texts = new ArrayList<>();
    for (Path file : Shared.files(Path.of(arguments[0]))) {
      texts.addAll(Shared.texts(file));
    }
    double megabytes =
        texts.stream().mapToLong(t -> t.getBytes(StandardCharsets.UTF_8).length).sum() / 1e6;
    System.out.printf(Locale.ROOT, "%d texts, %.1f MB%n", texts.size(), megabytes);
    List<Path> files = Arrays.stream(arguments).skip(1).map(Path::of).toList();
    for (Path file : files.isEmpty() ? List.of(trained(texts)) : files) {
      HuggingFaceTokenizer.loadNatives();
      try (HuggingFaceTokenizer tokenizer =
          (HuggingFaceTokenizer) HuggingFaceTokenizer.open(TokenizerJson.read(file), file)) {
        System.out.printf(
            "%s: %d ids, fast %s%n", file, tokenizer.vocabulary(), tokenizer.isFast());
        for (int round = 0; round < 5; round++) {
          time("ours", megabytes, texts, tokenizer::encode);
        }
        time("library", megabytes, texts, tokenizer::encodeWithLibrary);
        long different =
            texts.stream()
                .filter(t -> !Arrays.equals(tokenizer.encode(t), tokenizer.encodeWithLibrary(t)))
                .count();
        System.out.println(different + " texts with different ids");
      }
    }
  }

  private static Path trained(List<String> texts) throws IOException {
    BytePairTrainer trainer = new BytePairTrainer();
    texts.forEach(trainer::add);
    Path file = Files.createTempDirectory("encoder").resolve("tokenizer.json");
    trainer.train(50_000).save(file);
    ObjectNode root = (ObjectNode) TokenizerJson.read(file);
    FastEncoderTest.splitBy(root, Pretokenizer.Rules.CL100K);
    TokenizerJson.write(root, file);
    return file;
  }

  private static void time(
      String name, double megabytes, List<String> texts, Function<String, int[]> encoder) {
    long start = cpuTime();
    long tokens = 0;
    for (String text : texts) {
      tokens += encoder.apply(text).length;
    }
    double seconds = (cpuTime() - start) / 1e9;
    System.out.printf(Locale.ROOT, "%s: %.1f MB/s, %d tokens%n", name, megabytes / seconds, tokens);
  }

  /** Returns the processor time of this thread, which depends little on the load of the machine. */
  private static long cpuTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
