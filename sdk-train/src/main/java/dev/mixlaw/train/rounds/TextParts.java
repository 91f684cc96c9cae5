package dev.mixlaw.train.rounds;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.Hashing;
import dev.mixlaw.api.internal.Interrupts;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.rounds.Writing;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.rounds.GeneratedTextStore.Part;
import dev.mixlaw.train.run.child.ChildJob;
import dev.mixlaw.train.run.child.ChildReport;
import dev.mixlaw.train.run.child.ChildReporter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.LongConsumer;

/**
 * Generates the text of a model in parts, in this JVM or in a child JVM.
 *
 * @param engine class name of the engine, for a child JVM
 * @param identity hash of everything on which the text depends
 * @param title title of the text, for messages
 * @param label label of the text, on which the random numbers depend
 */
record TextParts(
    String engine,
    int threads,
    String model,
    String directory,
    String identity,
    String title,
    String label,
    Writing writing,
    long wanted)
    implements ChildJob {
  private static final int PART = 256;

  static long tokens(List<Part> parts) {
    return parts.stream().mapToLong(Part::tokens).sum();
  }

  @Override
  public void run(PreparedData text, ChildReporter parent) {
    Thread worker = Thread.currentThread();
    parent.onStop(answer -> worker.interrupt());
    try {
      write(
          ChildJob.create(engine, TrainingEngine.class),
          new NaturalCorpus(text, writing.promptTokens()),
          tokens -> parent.report(ChildReport.of(ChildReport.Kind.REACHED, title, tokens)));
    } catch (CancellationException e) {
      // The parent has requested a stop.
    }
  }

  /**
   * Generates the missing parts.
   *
   * @param progress receives the number of tokens in all parts so far
   * @throws CancellationException if the calling thread is interrupted; its interrupt status is
   *     kept
   */
  void write(TrainingEngine with, NaturalCorpus natural, LongConsumer progress) {
    GeneratedTextStore store = new GeneratedTextStore(Path.of(directory));
    List<Part> parts = store.parts(identity);
    try (LanguageModel model = with.openModel(Path.of(this.model), threads)) {
      if (!(model instanceof SamplingModel sampling)) {
        throw new IllegalStateException(
            "engine %s states the cost of generating text, but its models cannot generate text"
                .formatted(with.name()));
      }
      while (tokens(parts) < wanted) {
        Interrupts.check();
        progress.accept(tokens(parts));
        Part part = part(natural, sampling, parts.size());
        if (part.texts().isEmpty()) {
          throw MixlawException.data(
              "text of " + title,
              "no word in " + PART + " documents",
              "at least one document with a word",
              "increase Rounds.tokens, or lower Writing.temperature");
        }
        store.save(parts.size(), part);
        parts.add(part);
      }
      progress.accept(wanted);
    }
  }

  private Part part(NaturalCorpus natural, SamplingModel with, int number) {
    long start = System.nanoTime();
    long seed = random(random(label.hashCode()) + number);
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < PART; i++) {
      prompts.add(natural.prompt(writing.promptTokens(), random(seed + i)));
    }
    int room = with.context() - 1 - writing.promptTokens();
    int most = Math.min(room, writing.maxTokens().orElse(room));
    List<int[]> written =
        with.sample(
            prompts,
            new SamplingModel.Sampling(
                most, writing.temperature(), writing.topP(), seed, natural.endOfText()));
    List<String> texts = new ArrayList<>();
    long tokens = 0;
    long sampled = 0;
    for (int[] ids : written) {
      sampled += ids.length + 1L;
      String text = natural.decode(ids);
      if (!text.isBlank()) {
        texts.add(text);
        tokens += natural.tokens(text);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Part(identity, texts, written.size() - texts.size(), tokens, sampled, seconds);
  }

  /** Returns the next output of SplitMix64 (Steele, Lea and Flood 2014). */
  private static long random(long state) {
    return Hashing.mix64(state + Hashing.GOLDEN_GAMMA);
  }
}
