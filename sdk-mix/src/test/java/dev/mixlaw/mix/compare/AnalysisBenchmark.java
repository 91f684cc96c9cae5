package dev.mixlaw.mix.compare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.mix.Shared;
import dev.mixlaw.mix.analysis.Language;
import dev.mixlaw.mix.analysis.TermCounter;
import dev.mixlaw.mix.analysis.TermCounts;
import dev.mixlaw.mix.analysis.Words;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Times counting and measuring of text on a folder of corpora; {@code BENCHMARKS.md} says how to
 * run it.
 */
public final class AnalysisBenchmark {
  private AnalysisBenchmark() {}

  /**
   * Prints the times. Arguments: the directory of the corpora, and the number of types to count, in
   * millions.
   */
  public static void main(String[] arguments) throws Exception {
    List<Document> documents = new ArrayList<>();
    long bytes = 0;
    for (Path file : Shared.files(Path.of(arguments[0]))) {
      for (String text : Shared.texts(file)) {
        documents.add(new Document("d" + documents.size(), text));
        bytes += text.getBytes(StandardCharsets.UTF_8).length;
      }
    }
    Corpus all = Corpus.documents("all", () -> DocumentStream.of(documents));
    try (Words words = Words.of(Language.ENGLISH);
        CorpusMeter meter = new CorpusMeter(words)) {
      for (int round = 0; round < 4; round++) {
        long start = System.nanoTime();
        TermCounts counts = meter.count(all);
        say("unigrams: %.1f MB/s, %d types", bytes / 1e6 / seconds(start), counts.types());
        start = System.nanoTime();
        long number = meter.measure(all).statistics().words();
        say("all figures: %.1f MB/s, %d words", bytes / 1e6 / seconds(start), number);
      }
    }
    if (arguments.length > 1) {
      manyTypes(Long.parseLong(arguments[1]) * 1_000_000);
    }
  }

  private static void manyTypes(long types) {
    SplittableRandom random = new SplittableRandom(1);
    long start = System.nanoTime();
    try (TermCounter counter = new TermCounter()) {
      for (long i = 0; i < types; i++) {
        counter.add(random.nextLong());
      }
      try (TermCounts counts = counter.finish()) {
        say("%d types in %.1f s, heap after: %d MB", counts.types(), seconds(start), used());
      }
    }
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static void say(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format + "%n", arguments);
  }
}
